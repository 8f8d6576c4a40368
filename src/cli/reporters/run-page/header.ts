import { durationOf } from '../../../model/duration.ts';
import type { LateCapture, Progress } from '../../../model/facts.ts';
import type { Cleaned, Run } from '../../../model/run.ts';
import { placeLabel } from '../../../tracker/artefacts/sample-grid.ts';
import { statusText, verdictColour } from '../../style.ts';
import { cells, duration, fullTime, number, plural, size, visible } from '../../text.ts';
import { etaText, phaseText, rateText } from '../progress-text.ts';
import type { Page } from './page.ts';
import { quoteArgument } from './quote.ts';

/** What it was, how it ended and why, and what people said of it. */
export function header(page: Page, run: Run): void {
  const { style } = page;
  title(page, run);
  if (!page.planned) page.field('run', run.id);
  if (run.family !== run.name.full && run.family !== '') page.field('family', visible(run.family));
  if (!page.planned) page.field('started', started(page, run));
  if (run.late) page.field('captured', page.style.yellow(capturedText(run.late)));
  if (run.imported) page.field('imported', page.style.yellow(importedText(run.imported)));
  if (run.progress?.step != null) page.field('reached', reached(run));
  if (run.status === 'running' && run.progress) page.field('now', now(page, run.progress));
  const exit = exitText(run);
  if (exit !== '') page.field('exit', exit);
  if (run.diagnosis) {
    const paint = run.status === 'failed' ? style.red : style.yellow;
    page.field('why', paint(visible(run.diagnosis.message)));
    if (run.diagnosis.hint) page.field('remedy', visible(run.diagnosis.hint));
  }
  if (run.reason) page.field('reason', visible(run.reason));
  if (run.verdict) {
    const why = run.verdictWhy ? `: ${visible(run.verdictWhy)}` : '';
    page.field('verdict', verdictColour(run.verdict, style)(run.verdict) + why);
  }
  if (run.stars.length > 0) page.field('stars', style.yellow(`★ ${run.stars.map(placeLabel).join(', ')}`));
  if (run.tags.length > 0) page.field('tags', style.cyan(run.tags.map(visible).join(' ')));
  if (run.parent) page.field('parent', run.parent);
  page.field('trainer', trainerText(run));
  if (!run.imported) page.field('command', run.command.map(quoteArgument).join(' '));
  if (!run.imported) page.field('in', page.path(run.cwd));
  if (run.outputDir) page.field('output', page.path(run.outputDir));
  if (run.cleaned) page.field('cleaned', cleanedText(page, run.id, run.cleaned));
}

/** The status beside the name, or below it where both are too long. */
function title(page: Page, run: Run): void {
  const { style, columns } = page;
  const status = page.planned ? style.dim('not started') : statusText(run.status, style);
  const name = visible(run.name.full);
  if (cells(name) + 2 + cells(status) <= columns) {
    page.lines.push(`${style.bold(name)}  ${status}`);
  } else {
    page.lines.push(...page.wrapped(name, '').map(style.bold), status);
  }
}

function started(page: Page, run: Run): string {
  const took = durationOf(run);
  const ago = duration(page.now.getTime() - Date.parse(run.startedAt));
  const long = took !== null ? `took ${duration(took)}` : run.status === 'running' ? `${ago} ago` : 'end unknown';
  return `${fullTime(run.startedAt)}, ${long}${run.host ? `, on ${visible(run.host)}` : ''}`;
}

function capturedText({ milliseconds, by, changed, changedMore }: LateCapture): string {
  const count = changed.length + changedMore;
  const since = count > 0 ? `; ${plural(count, 'file')} changed in between` : '';
  return `${duration(milliseconds)} after launch${by === 'traces' ? ', from what it wrote' : ''}${since}`;
}

const tellers: Record<NonNullable<Run['imported']>['how'], string> = {
  'spoor-json': 'what Spoor left in its directory',
  session: "its models' headers",
  model: 'a model',
  'event-file': 'its event files',
  log: 'its log',
  configuration: 'its configuration',
};

function importedText({ how, at }: NonNullable<Run['imported']>): string {
  return `${fullTime(at)}, from ${tellers[how]}; what is not shown is unknown`;
}

function reached(run: Run): string {
  const { step, total, loss, epoch, epochs } = run.progress ?? {};
  const parts = [`step ${step}${total ? ` of ${total}` : ''}`];
  if (epoch != null) parts.push(`epoch ${epoch}${epochs ? ` of ${epochs}` : ''}`);
  if (loss != null) parts.push(`loss ${typeof loss === 'number' ? number(loss) : loss}`);
  return parts.join(', ');
}

/** What a run that trains is at: `training, 7.3 s/it, 12m left`, and how long nothing has come. */
function now(page: Page, progress: Progress): string {
  const eta = etaText(progress);
  const parts = [phaseText(progress), rateText(progress), eta && `${eta} left`];
  if (progress.at) parts.push(`last output ${duration(Math.max(0, page.now.getTime() - Date.parse(progress.at)))} ago`);
  return parts.filter(Boolean).join(', ');
}

function cleanedText(page: Page, id: string, { state, reason, trash, at, files, bytes }: Cleaned): string {
  const why = visible(reason);
  switch (state) {
    case 'removed':
      return `moved to the trash: ${why} (${plural(files ?? 0, 'file')}, ${size(bytes ?? 0)}; ${page.path(trash ?? '')}); spoor trash restore ${id} brings it back`;
    case 'kept':
      return `kept: ${why}`;
    case 'restored':
      return `brought back from the trash, ${fullTime(at)}`;
    case 'deleted':
      return `deleted with the trash, ${fullTime(at)}: ${why}`;
  }
}

/** What is not said by `succeeded` alone. */
function exitText({ exitCode, signal, status }: Run): string {
  const parts = [
    exitCode !== null && (exitCode !== 0 || status !== 'succeeded') ? `status ${exitCode}` : '',
    signal ?? '',
    exitCode === null && signal === null && status !== 'running' ? 'status unknown' : '',
  ];
  return visible(parts.filter(Boolean).join(', '));
}

function trainerText(run: Run): string {
  const name = run.trainer ? visible(run.trainer) : 'not known to Spoor';
  const wrappers = run.wrappers.map((each) => visible(each.name));
  return wrappers.length > 0 ? `${name}, started by ${wrappers.join(', ')}` : name;
}

export function warnings(page: Page, run: Run): string[] {
  return run.warnings.flatMap(({ message, hint }) => [
    ...page.wrapped(`${page.style.yellow('!')} ${visible(message)}`),
    ...(hint
      ? page.wrapped(hint === '' ? '' : visible(hint)).map((line, i) => page.style.dim(i === 0 ? `  ${line}` : line))
      : []),
  ]);
}

export function notes(page: Page, run: Run): string[] {
  return run.notes.flatMap(({ at, text, editedAt }, index) => [
    // By this number `spoor note --edit` and `--withdraw` know it.
    `${index + 1} ${page.style.dim(`${fullTime(at)}${editedAt === null ? '' : `, changed ${fullTime(editedAt)}`}`)}`,
    ...page.prose(text).map((line) => (line === '' ? '' : `  ${line}`)),
  ]);
}

export function series(page: Page, run: Run): string[] {
  const value = (each: Run['series'][number]['last'] | null) =>
    each === null ? '' : typeof each === 'number' ? number(Number(each.toPrecision(4))) : each;
  return run.series.flatMap((each) =>
    page.parts(
      [
        page.style.cyan(visible(each.tag)),
        `${value(each.first)} → ${value(each.last)}`,
        each.min === null ? null : `lowest ${value(each.min)}`,
        page.style.dim(plural(each.points, 'point')),
      ],
      '  ',
    ),
  );
}
