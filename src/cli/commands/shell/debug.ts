import type { Context } from '../../context.ts';
import { visible } from '../../text.ts';

/** `--debug` and `--dry-run`, as the shell library hands on DEBUG and DRY_RUN. */
export interface ShellOptions {
  debug?: true;
  dryRun?: true;
}

/** Tells what is done and found, with DEBUG=1. */
export function debug({ stderr }: Context, options: ShellOptions, ...texts: string[]): void {
  if (options.debug) for (const text of texts) stderr.write(`spoor: debug: ${visible(text)}\n`);
}
