import { defineRun } from './define/run.ts';
import { runProcess } from './run-process.ts';

/** As `main.ts`, for `run` alone, in one file: a trainer's start waits for it to load. */
export const main = (): Promise<void> => runProcess([defineRun]);
