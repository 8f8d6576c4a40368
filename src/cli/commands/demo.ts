import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SpoorError } from '../../model/errors.ts';
import type { Context } from '../context.ts';
import { browsersHere } from '../open-browser.ts';
import { packageRoot } from '../package.ts';

interface DemoRun {
  name: string;
  command: string[];
  cwd: string;
}

interface DemoOptions {
  keep?: true;
  /** Undefined: where somebody could look at it. */
  open?: boolean;
}

interface DemoWorld {
  makeDemoWorld(directory: string): DemoRun;
  changeDemoWorld(directory: string): DemoRun;
}

/** Trains a tiny adapter twice, with a few changes between, in a throw-away home, and shows both records and what differs. */
export async function demo(context: Context, options: DemoOptions): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-demo-'));
  const { style, stdout } = context;
  const say = (text: string) => stdout.write(`${text}\n`);
  const spoor = (args: string[], cwd = directory) => {
    const typed = args.map((each) => (each === process.execPath ? 'node' : each.replace(`${directory}/`, '../')));
    say(`\n${style.bold(`$ spoor ${typed.map((each) => (/\s/.test(each) ? `"${each}"` : each)).join(' ')}`)}`);
    const env = { ...context.env, SPOOR_HOME: join(directory, 'home') };
    const { status } = spawnSync(process.execPath, [process.argv[1] ?? '', ...args], {
      stdio: 'inherit',
      env,
      cwd,
    });
    if (status !== 0) throw new SpoorError('internal', 'demo-failed', `spoor ${args[0]} ended with status ${status}`);
  };
  try {
    const { makeDemoWorld, changeDemoWorld } = await loadWorld();
    say(`A small world in ${directory}: a trainer in a git repository, eight pictures with captions, a config.`);
    const first = makeDemoWorld(directory);
    spoor(['run', '--reason', 'first try', '--', ...first.command], first.cwd);
    spoor(['verdict', first.name, 'mixed', '--why', 'the wolf is there, the nights are flat']);
    const second = changeDemoWorld(directory);
    say('\nSome things change: the learning rate, two captions, a prompt, and a hack nobody committed.');
    spoor(['run', '--reason', 'higher rate, better captions for the nights', '--', ...second.command], second.cwd);
    spoor(['show', first.name]);
    spoor(['show', second.name]);
    spoor(['ls']);
    spoor(['diff', first.name, second.name]);
    if (options.keep) say(`\nKept. To look further: SPOOR_HOME=${join(directory, 'home')} spoor ui`);
    const { open = isAtScreen(context) } = options;
    if (open) {
      say('\nAnd the page on these runs, until Ctrl-C:');
      // Ctrl-C ends the page; what was made is cleaned up then.
      const go = () => {};
      process.on('SIGINT', go);
      spoor(['ui', '--port', '0']);
      process.off('SIGINT', go);
    } else if (!options.keep) say('\nTo see these runs in a browser: spoor demo --open');
    return 0;
  } finally {
    if (!options.keep) rmSync(directory, { recursive: true, force: true });
  }
}

/** Whether somebody sits here who would see a browser. */
function isAtScreen({ env, stdout }: Context): boolean {
  return Boolean(process.stdin.isTTY && stdout.isTTY) && browsersHere(env).length > 0;
}

async function loadWorld(): Promise<DemoWorld> {
  const path = join(packageRoot, 'demo/make-world.mjs');
  return (await import(pathToFileURL(path).href)) as DemoWorld;
}
