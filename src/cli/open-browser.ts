/** Opens an address in the browser of whoever sits at this machine. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The programs to try, the best first; none where nobody could see a browser. */
export function browserCommands(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, isWsl: boolean): string[][] {
  const named = (env.BROWSER ?? '').split(':').flatMap((each) => {
    const words = each.split(/\s+/).filter(Boolean);
    return words.length > 0 ? [words] : [];
  });
  if (named.length > 0) return named;
  // The screen is on the machine at the other end.
  if (env.SSH_CONNECTION || env.SSH_TTY) return [];
  if (platform === 'darwin') return [['open']];
  if (platform === 'win32') return [['explorer.exe']];
  if (isWsl) return [['wslview'], ['explorer.exe']];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? [['xdg-open']] : [];
}

/** Those of this machine. */
export function browsersHere(env: NodeJS.ProcessEnv): string[][] {
  return browserCommands(env, process.platform, isWsl());
}

/** @returns whether one of the programs could be started, and did not fail at once */
export async function openBrowser(commands: readonly string[][], url: string): Promise<boolean> {
  for (const command of commands) if (await start(withAddress(command, url))) return true;
  return false;
}

/** `%s` stands for the address, as in `$BROWSER` by its convention; else it comes last. */
function withAddress(command: readonly string[], url: string): string[] {
  return command.some((word) => word.includes('%s'))
    ? command.map((word) => word.replaceAll('%s', url))
    : [...command, url];
}

/** Milliseconds in which `xdg-open` finds out that there is no browser. */
const patience = 1500;

function start([program = '', ...args]: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    // Of its own group: what ends the server does not end the browser.
    const child = spawn(program, args, { detached: true, stdio: 'ignore' });
    const timer = setTimeout(() => resolve(true), patience);
    const over = (opened: boolean) => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once('error', () => over(false));
    // The Explorer says 1 whatever it did.
    child.once('exit', (status) => over(status === 0 || program === 'explorer.exe'));
    child.unref();
  });
}

function isWsl(): boolean {
  try {
    return /microsoft/i.test(readFileSync('/proc/sys/kernel/osrelease', 'utf8'));
  } catch {
    return false;
  }
}
