import { defineServing } from './define/serving.ts';
import { runProcess } from './run-process.ts';

/** As `main.ts`, for `ui`, `serve` and `share` alone, in one file: a browser waits for the server to load. */
export const main = (): Promise<void> => runProcess([defineServing]);
