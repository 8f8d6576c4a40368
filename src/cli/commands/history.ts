import { SpoorError } from '../../model/errors.ts';
import { type FollowedSetting, followSetting, historyOf } from '../../tracker/history.ts';
import { historyDocument, settingDocument } from '../../tracker/history-document.ts';
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
    if (options.json)
      stdout.write(`${jsonText({ family: found.family, param: options.param, runs: settingDocument(followed) }, 2)}\n`);
    else print(tableLines(settingColumns(context, options.param), followed, columns, style.dim));
  } else if (options.json) stdout.write(`${jsonText(historyDocument(found), 2)}\n`);
  else if (options.markdown) print(historyMarkdown(found));
  else print(historyPage(found, { style, columns, now: context.now() }));
  return 0;
}

function noSetting(family: string, key: string): SpoorError {
  const hint = 'spoor show --all lists the settings of a run.';
  return new SpoorError('not-found', 'setting-not-found', `no run of ${family} has a setting ${key}`, hint);
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
