import { SpoorError } from '../../model/errors.ts';
import type { Run } from '../../model/run.ts';
import {
  type FollowedSetting,
  followSetting,
  type History,
  type HistoryEntry,
  historyOf,
} from '../../tracker/history.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { historyMarkdown } from '../reporters/history-markdown.ts';
import { historyPage, valueText } from '../reporters/history-page.ts';
import { progressReporter } from '../reporters/progress.ts';
import { type Column, tableLines } from '../reporters/table.ts';
import { statusColour, verdictColour } from '../style.ts';
import { number, visible, when } from '../text.ts';

export interface HistoryOptions {
  param?: string;
  markdown?: true;
  json?: true;
}

export async function history(context: Context, name: string | undefined, options: HistoryOptions): Promise<number> {
  const { recording } = await openSettled(context);
  const report = progressReporter(context);
  const found = await historyOf(recording, name ?? null, report.tell);
  report.end();
  const { stdout, style, columns } = context;
  const print = (lines: string[]) => void stdout.write(`${lines.join('\n')}\n`);
  if (options.param !== undefined) {
    const followed = followSetting(found, options.param);
    if (followed.every(({ source }) => source === null)) throw noSetting(found.family, options.param);
    if (options.json) stdout.write(`${jsonText(settingDocument(found, options.param, followed), 2)}\n`);
    else print(tableLines(settingColumns(context, options.param), followed, columns, style.dim));
  } else if (options.json) stdout.write(`${jsonText(document(found), 2)}\n`);
  else if (options.markdown) print(historyMarkdown(found));
  else print(historyPage(found, { style, columns, now: context.now() }));
  return 0;
}

function noSetting(family: string, key: string): SpoorError {
  const hint = 'spoor show --all lists the settings of a run.';
  return new SpoorError('not-found', 'setting-not-found', `no run of ${family} has a setting ${key}`, hint);
}

function document({ family, versions, attempts }: History) {
  return { family, versions: versions.map(versionDocument), attempts: attempts.map(attemptDocument) };
}

function versionDocument({ run, from, changes, attempts }: HistoryEntry) {
  const { id, name, status, startedAt, endedAt, reason, verdict, verdictWhy, notes, diagnosis, progress } = run;
  return {
    id,
    name: name.full,
    version: name.version,
    status,
    startedAt,
    endedAt,
    imported: run.imported !== null,
    from: from?.id ?? null,
    changes,
    reason,
    step: progress?.step ?? null,
    loss: progress?.loss ?? null,
    diagnosis,
    verdict,
    verdictWhy,
    notes,
    attempts: attempts.map(attemptDocument),
  };
}

function attemptDocument({ id, name, status, startedAt, diagnosis }: Run) {
  return { id, name: name.full, status, startedAt, diagnosis };
}

function settingDocument({ family }: History, param: string, followed: readonly FollowedSetting[]) {
  const runs = followed.map(({ run, value, source, guessed }) => ({
    id: run.id,
    name: run.name.full,
    startedAt: run.startedAt,
    status: run.status,
    value,
    known: source !== null,
    guessed,
    loss: run.progress?.loss ?? null,
    verdict: run.verdict,
  }));
  return { family, param, runs };
}

function settingColumns({ style, now }: Context, key: string): Column<FollowedSetting>[] {
  const unknown = ({ run, source }: FollowedSetting) => source === null && run.imported !== null;
  return [
    { title: 'NAME', text: ({ run }) => visible(run.name.full), paint: style.bold, least: 16, cut: 'middle' },
    { title: 'WHEN', text: ({ run }) => when(run.startedAt, now()), spare: 2 },
    {
      title: key.toUpperCase(),
      text: (each) => (unknown(each) ? 'unknown' : `${valueText(each.value)}${each.guessed ? ' (guessed)' : ''}`),
      paint: style.cyan,
      least: 8,
    },
    { title: 'STATUS', text: ({ run }) => run.status, paint: (text, { run }) => statusColour(run.status, style)(text) },
    {
      title: 'LOSS',
      text: ({ run }) => {
        const loss = run.progress?.loss ?? '';
        return typeof loss === 'number' ? number(Number(loss.toPrecision(4))) : loss;
      },
      align: 'right',
      spare: 1,
    },
    {
      title: 'VERDICT',
      text: ({ run }) => run.verdict ?? '',
      paint: (text, { run }) => (run.verdict ? verdictColour(run.verdict, style)(text) : text),
    },
  ];
}
