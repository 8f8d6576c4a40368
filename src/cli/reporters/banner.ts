/** What is said at a launch: at most six rows, written at once. */
import type { ComparedRun, FamilyComparison } from '../../tracker/compare-family.ts';
import type { Finding } from '../../trainers/trainer.ts';
import type { Context } from '../context.ts';
import { cells, truncate, visible, when } from '../text.ts';
import { changesLine } from './changes.ts';
import { findingRows, lead } from './findings.ts';

const mostRows = 6;
/** Of a line of changes where there is no terminal, in cells. */
const longest = 200;

export interface Banner {
  /** What is being recorded, from the longest wording to the shortest; null where nothing is. */
  opening: readonly string[] | null;
  /** `late` where the earlier runs could not be read in time, null where they cannot be read. */
  family: FamilyComparison | 'late' | null;
  /** The gravest first. */
  findings: readonly Finding[];
}

export function bannerLines(
  context: Pick<Context, 'errorStyle' | 'now' | 'userHome'>,
  { opening, family, findings }: Banner,
  width: number,
): string[] {
  const { dim } = context.errorStyle;
  const rows: string[] = [];
  if (opening !== null) {
    const fitting = opening.find((text) => cells(lead + text) <= width) ?? opening.at(-1) ?? '';
    rows.push(dim(truncate(lead + fitting, width)));
  }
  if (family === 'late' || (family?.last === null && !family.complete)) {
    rows.push(dim(truncate(`${lead}not compared with earlier runs, which takes a while: spoor history @ does`, width)));
  } else if (family !== null) {
    rows.push(...familyLines(context, family, width - lead.length).map((line) => dim(lead) + line));
  }
  return [...rows, ...findingRows(context, findings, { room: mostRows - rows.length, width }, opening !== null)];
}

/** `since v3: unet_lr 1e-4→2e-4, +12 images` and `identical to v1`. */
export function familyLines(
  context: Pick<Context, 'errorStyle' | 'now'>,
  { run, last, identical }: Pick<FamilyComparison, 'run' | 'last' | 'identical'>,
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
    return `nothing known differs from ${label}; not known: ${unknown.map(({ subject }) => visible(subject)).join(', ')}`;
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
