import { groups } from './groups.ts';
import { runProcess } from './run-process.ts';

/** Runs the command line of this process and sets its exit status. */
export const main = (): Promise<void> => runProcess(groups);
