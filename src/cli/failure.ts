import { errorText, exitStatuses, SpoorError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { jsonText } from './json.ts';
import { visible, visibleLines } from './text.ts';

/**
 * Tells an error on stderr, in words or, where `--json` was asked for, as one line of JSON, and gives
 * the exit status. Only a defect of Spoor shows a stack trace.
 */
export function failure(error: unknown, context: Context, argv: readonly string[]): number {
  const { stderr, errorStyle: style } = context;
  const known = error instanceof SpoorError ? error : null;
  const message = known ? known.message : `Unexpected: ${errorText(error)}`;
  const hint = known ? known.hint : 'This is a defect of Spoor; please report it with the text above.';
  if (wantsJson(argv)) {
    stderr.write(`${jsonText({ error: { code: known?.code ?? 'internal', message, hint } })}\n`);
  } else {
    if (!known && error instanceof Error && error.stack) stderr.write(`${visibleLines(error.stack).join('\n')}\n`);
    stderr.write(`${style.red('error:')} ${visibleLines(message).join('\n')}\n`);
    if (hint) stderr.write(`${style.cyan('hint:')} ${visibleLines(hint).join('\n')}\n`);
  }
  return known?.exitStatus ?? exitStatuses.internal;
}

/** What follows `--` belongs to the trainer. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

/** A warning on stderr, with its remedy. */
export function warn(context: Context, message: string, hint: string | null): void {
  const { stderr, errorStyle: style } = context;
  stderr.write(`${style.yellow('spoor:')} ${visible(message)}\n`);
  if (hint) stderr.write(`${style.dim(`       ${visible(hint)}`)}\n`);
}
