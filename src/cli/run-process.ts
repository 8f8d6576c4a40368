import { makeContext } from './context.ts';
import type { Define } from './define/define.ts';
import { failure } from './failure.ts';
import { makeProgram } from './program.ts';

/** Runs the command line of this process, as far as these groups define it, and sets its exit status. */
export async function runProcess(groups: readonly Define[]): Promise<void> {
  const context = makeContext(process);
  // A reader that has seen enough (`spoor ls | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const argv = process.argv.slice(2);
  try {
    process.exitCode = await makeProgram(context, groups).run(argv);
  } catch (error) {
    process.exitCode = failure(error, context, argv);
  }
}
