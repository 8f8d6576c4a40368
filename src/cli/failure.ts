import { errorText, exitStatuses, SpoorError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { jsonText } from './json.ts';
import { visible, visibleLines, wrap } from './text.ts';

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
    if (hint) stderr.write(`${style.cyan('hint:')} ${visibleLines(hint).join('\n      ')}\n`);
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
  tell(context, message, hint, { lead: context.errorStyle.yellow, text: (text) => text });
}

/** What was done on stderr, with what can be done about it. */
export function note(context: Context, message: string, more: string | null = null): void {
  const { dim } = context.errorStyle;
  tell(context, message, more, { lead: dim, text: dim });
}

type Paint = (text: string) => string;
const indent = ' '.repeat('spoor: '.length);

/** Folded between words where a terminal would break within them. */
function tell(
  { stderr, errorStyle: { dim } }: Context,
  message: string,
  more: string | null,
  paint: { lead: Paint; text: Paint },
): void {
  const width = (stderr.columns || 80) - indent.length;
  const fold = (text: string) => (stderr.isTTY ? wrap(visible(text), width) : [visible(text)]);
  const [first = '', ...rest] = fold(message);
  const lines = [
    `${paint.lead('spoor:')} ${paint.text(first)}`,
    ...rest.map((line) => indent + paint.text(line)),
    ...(more ? fold(more).map((line) => dim(indent + line)) : []),
  ];
  stderr.write(`${lines.join('\n')}\n`);
}
