/** What is said at a launch: at most six rows, written at once. */
import type { Warning } from '../../model/facts.ts';
import type { ComparedRun, FamilyComparison } from '../../tracker/compare-family.ts';
import { gradeWarnings } from '../../tracker/severity.ts';
import type { Finding } from '../../trainers/trainer.ts';
import type { Context } from '../context.ts';
import { cells, truncate, visible, when, wrap } from '../text.ts';
import { changesLine } from './changes.ts';

const mostRows = 6;
/** Of a line of changes where there is no terminal, in cells. */
const longest = 200;
const lead = 'spoor: ';
const indent = ' '.repeat(lead.length);

/**
 * @param opening what is being recorded; null where nothing is
 * @param family null where the earlier runs could not be read in time
 */
export function bannerLines(
  context: Pick<Context, 'errorStyle' | 'now'>,
  {
    opening,
    family,
    warnings,
  }: { opening: string | null; family: FamilyComparison | null; warnings: readonly Warning[] },
  width: number,
): string[] {
  const { dim } = context.errorStyle;
  const rows = opening === null ? [] : [dim(truncate(lead + opening, width))];
  if (family !== null) rows.push(...familyLines(context, family, width - lead.length).map((line) => dim(lead) + line));
  const graded = gradeWarnings(warnings, family?.run.files ?? []);
  return [...rows, ...warningRows(context, graded, mostRows - rows.length, width, opening !== null)];
}

/** `since v3: unet_lr 1e-4→2e-4, +12 images` and `identical to v1`. */
export function familyLines(
  context: Pick<Context, 'errorStyle' | 'now'>,
  { run, last, identical }: FamilyComparison,
  width: number,
): string[] {
  const lines: string[] = [];
  const { yellow, cyan } = context.errorStyle;
  if (last !== null && last.run !== identical?.run) {
    const title = `since ${labelOf(last, run.name.full, context)}: `;
    const text = changesLine(last.changes, Math.max(20, Math.min(width, longest) - cells(title)));
    if (text !== '') lines.push(`${cyan(title.trimEnd())} ${text}`);
  }
  if (identical !== null) lines.push(yellow(truncate(identicalText(identical, run.name.full, context), width)));
  return lines;
}

function identicalText(compared: ComparedRun, name: string, context: Pick<Context, 'now' | 'errorStyle'>): string {
  const unknown = compared.changes.filter(({ kind, effective }) => kind === 'unknown' && effective);
  const label = labelOf(compared, name, context);
  if (unknown.length > 0) {
    const reasons = unknown.map(({ subject, detail }) => `${subject}: ${detail ?? 'unknown'}`);
    return `nothing known differs from ${label} (${reasons.join('; ')})`;
  }
  const seed = compared.run.settings.find(({ key }) => key === 'seed');
  const isChosen = seed?.source.kind === 'confirmed' && (seed.shadowed ?? []).every(({ value }) => value === null);
  return `identical to ${label}${isChosen ? ', but for its random seed' : ''}`;
}

/** The version, if it tells the two apart, with how it ended unless it went well. */
function labelOf(compared: ComparedRun, name: string, { now }: Pick<Context, 'now'>): string {
  const { run } = compared;
  const called = run.name.version === null ? visible(run.name.full) : `v${visible(run.name.version)}`;
  const which = run.name.full === name ? `${called} of ${when(run.startedAt, now())}` : called;
  return which + outcome(compared);
}

function outcome({ run }: ComparedRun): string {
  if (run.status === 'succeeded') return '';
  return ` (${run.diagnosis === null || run.status === 'interrupted' ? run.status : `${run.status}: ${run.diagnosis.code}`})`;
}

/** Whole, with remedies, where all fit; else one row each, and how many there is no room for. */
function warningRows(
  { errorStyle: style }: Pick<Context, 'errorStyle'>,
  warnings: readonly Finding[],
  room: number,
  width: number,
  isRecorded: boolean,
): string[] {
  const mark = ({ severity }: Finding) => (severity === 'error' ? style.red : style.yellow)(lead);
  const whole = warnings.flatMap((each) => [
    ...folded(visible(each.message), width).map((line, at) => (at === 0 ? mark(each) : indent) + line),
    ...(each.hint === null ? [] : folded(visible(each.hint), width).map((line) => style.dim(indent + line))),
  ]);
  if (whole.length <= room) return whole;
  const short = warnings.map((each) => mark(each) + truncate(visible(each.message), width - lead.length));
  if (short.length <= room) return short;
  const rest = short.length - room + 1;
  const more = `and ${rest} more${isRecorded ? ': spoor show @' : ''}`;
  return [...short.slice(0, room - 1), style.dim(indent + more)];
}

function folded(text: string, width: number): string[] {
  return Number.isFinite(width) ? wrap(text, width - lead.length) : [text];
}
