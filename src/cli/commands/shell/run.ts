import { resolve } from 'node:path';
import { completeCommand } from '../../../tracker/shell/added-arguments.ts';
import type { Context } from '../../context.ts';
import { note, warn } from '../../failure.ts';
import { shortPath, shortPaths } from '../../text.ts';
import { clean } from '../clean.ts';
import { type RunOptions, run } from '../run.ts';
import { debug, type ShellOptions } from './debug.ts';

export interface ShellRunOptions extends ShellOptions {
  name: string;
  steps: string;
  trainingDir: string;
  directory: string;
  script: string;
  repo?: string[];
  reason?: string;
  clean: boolean;
}

/** `run_training_script`: completes the arguments, says so, and runs the trainer as `spoor run` does. */
export async function shellRun(context: Context, command: string[], options: ShellRunOptions): Promise<number> {
  const { cwd, env, userHome } = context;
  const { name, directory, trainingDir } = options;
  const understood = { command, cwd, userHome, name, outputDir: null };
  const completed = await completeCommand(understood, env, options);
  if (completed.added.length > 0) {
    const isTerminal = context.stderr.isTTY;
    const words = completed.added.map((each) => (isTerminal ? shortPaths(each, userHome) : each));
    note(context, `added ${words.join(' ')}`);
  }
  debug(context, options, `runs in ${cwd}: ${completed.command.join(' ')}`);
  const runOptions: RunOptions = {
    name,
    outputDir: completed.outputDir,
    clean: options.clean,
    ...(options.repo && { repo: options.repo }),
    ...(options.script !== '' && { script: options.script }),
    ...(options.reason !== undefined && { reason: options.reason }),
    ...(!completed.namesDataset && { dataset: [trainingDir] }),
    ...(options.dryRun && { dryRun: true }),
  };
  const elsewhere = resolve(completed.outputDir) !== resolve(directory);
  if (elsewhere) {
    const message = `The arguments write to ${shortPath(completed.outputDir, userHome)}, not to ${shortPath(directory, userHome)}`;
    warn(context, message, 'Leave --output_dir out of them, or set OUTPUT_DIR instead.');
  }
  const status = await run(context, completed.command, runOptions);
  // What was made for this run is nobody's then.
  if (elsewhere && !options.dryRun && options.clean) await clean(context, { output: directory, created: true });
  return status;
}
