import type { Tell } from '../../tracker/events.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';

/**
 * Shows what the use cases tell: warnings, and on a terminal one line of progress for work that takes
 * longer than half a second. Call `end` before writing anything else.
 */
export function progressReporter(context: Context): { tell: Tell; end(): void } {
  const began = performance.now();
  let drawn = false;
  let last = 0;
  const end = () => {
    if (drawn) context.stderr.write('\r\u001b[K');
    drawn = false;
  };
  const tell: Tell = (event) => {
    if (event.type === 'warning') {
      end();
      warn(context, event.warning.message, event.warning.hint);
      return;
    }
    const now = performance.now();
    if (!context.showProgress || now - began < 500 || now - last < 100) return;
    last = now;
    drawn = true;
    const { what, done, total } = event;
    const count = total ? `${bar(done / total)} ${done} of ${total}` : String(done);
    context.stderr.write(`\r${what} ${count}\u001b[K`);
  };
  return { tell, end };
}

function bar(share: number): string {
  const width = 24;
  const full = Math.round(Math.min(1, share) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}
