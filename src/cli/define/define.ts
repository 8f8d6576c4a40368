import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Example } from '../help.ts';

export interface Tools {
  context: Context;
  /** Makes a commander action of what returns an exit status. */
  does<Arguments extends unknown[]>(
    action: (...args: Arguments) => Promise<number>,
  ): (...args: Arguments) => Promise<void>;
  /** Examples and paragraphs below the options, laid out only for whoever asks for help. */
  more(lines: readonly Example[], ...texts: string[]): () => string;
}

/** Declares a group of commands: names, options, help. What a command does is loaded when it is called. */
export type Define = (program: Command, tools: Tools) => void;

/** How the argument is explained that names a run. */
export const aRun = 'a RUN: id, name, name~1, @ or @~2; see spoor --help';

/** Collects the values of an option that can be given several times. */
export const repeat = (value: string, previous: string[] = []): string[] => [...previous, value];
