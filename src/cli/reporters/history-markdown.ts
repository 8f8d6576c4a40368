import type { History, HistoryEntry } from '../../tracker/history.ts';
import { visible } from '../text.ts';
import { changeTexts } from './history-page.ts';

/** A changelog to publish with the model, the latest version first. It holds no path of this machine. */
export function historyMarkdown({ family, versions }: History): string[] {
  return [`# Changelog of ${plain(family)}`, ...versions.toReversed().flatMap(versionLines)];
}

function versionLines({ run, from, changes }: HistoryEntry): string[] {
  const title = run.name.version === null ? plain(run.name.full) : `v${plain(run.name.version)}`;
  const texts = changeTexts(changes.filter(({ effective }) => effective));
  const steps = run.progress?.step ?? null;
  return [
    '',
    `## ${title} (${run.startedAt.slice(0, 10)})`,
    '',
    ...(run.reason ? [plain(run.reason), ''] : []),
    ...(texts.length > 0
      ? texts.map((text) => `- ${plain(text)}`)
      : [from === null ? '- First version' : '- Nothing known changed']),
    ...(steps === null ? [] : [`- ${steps} steps${run.status === 'succeeded' ? '' : `, ${run.status}`}`]),
    ...(run.verdict ? [`- Verdict: ${run.verdict}${run.verdictWhy ? `: ${plain(run.verdictWhy)}` : ''}`] : []),
    ...run.notes.flatMap(({ text }) => ['', ...text.split(/\r?\n/).map((line) => `> ${visible(line)}`)]),
  ];
}

/** Text that Markdown takes as it is. */
function plain(text: string): string {
  return visible(text).replace(/[\\`*_[\]<>#]/g, '\\$&');
}
