import { spawn } from 'node:child_process';
import type { Context } from './context.ts';
import { visible } from './text.ts';

/**
 * Shows text through the user's pager where stdout is a terminal, else writes it. `less` by default, with
 * colours, and without a screen of its own for what fits on one.
 */
export async function page({ env, stdout }: Context, text: string): Promise<void> {
  const pager = env.PAGER ?? 'less -R';
  if (!stdout.isTTY || pager === '' || pager === 'cat') {
    stdout.write(text);
    return;
  }
  const child = spawn('/bin/sh', ['-c', pager], {
    env: { LESS: 'FRX', ...env },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  // Ctrl-C belongs to the pager; one that is left before the end breaks the pipe.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  child.stdin.on('error', ignore);
  child.stdin.end(text);
  const status = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', resolve);
  });
  process.off('SIGINT', ignore);
  // 126 and 127: there is no such pager.
  if (status === 126 || status === 127) stdout.write(text);
}

/** A patch for eyes: coloured by its lines, without what a terminal would obey. */
export function paintPatch(patch: string, { style }: Context): string {
  return patch
    .split('\n')
    .map((line) => {
      const text = line.split('\t').map(visible).join('\t');
      if (/^(?:diff |index |--- |\+\+\+ |new file|deleted file|old mode|new mode|similarity|rename )/.test(line)) {
        return style.bold(text);
      }
      if (line.startsWith('@@')) return style.cyan(text);
      if (line.startsWith('+')) return style.green(text);
      return line.startsWith('-') ? style.red(text) : text;
    })
    .join('\n');
}
