import { defineLooking } from './define/looking.ts';
import { runProcess } from './run-process.ts';

/** As `main.ts`, for `ls`, `show` and `log` alone, in one file: they are used most. */
export const main = (): Promise<void> => runProcess([defineLooking]);
