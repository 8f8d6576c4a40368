/** What an imported run's files did not tell is unknown, never added, removed or unchanged. */
import type { Run } from '../model/run.ts';
import { type Change, change } from './change.ts';

type Side = Pick<Run, 'settings' | 'repos' | 'files' | 'dataset'> & Partial<Pick<Run, 'imported' | 'datasetTold'>>;

/** @param changes as compared as if both had been recorded */
export function withoutKnowledge(changes: readonly Change[], before: Side, after: Side): Change[] {
  if (!before.imported && !after.imported) return [...changes];
  const kept = changes.map((each) => {
    const side = each.kind === 'added' ? before : each.kind === 'removed' ? after : null;
    return side?.imported && !isTold(each, side) ? unknown(each) : each;
  });
  return [...kept, ...compareTold(before, after)];
}

function unknown(each: Change): Change {
  return { ...each, kind: 'unknown', detail: 'the imported run does not tell' };
}

/** Whether what is missing there would be there, had it been. */
function isTold({ area }: Change, { settings, dataset }: Side): boolean {
  if (area === 'arguments') return settings.some(({ source }) => source.kind === 'default');
  return area === 'dataset' && dataset !== null;
}

/** Tags and counts as the models' headers tell them, where the files of both datasets are not known. */
function compareTold(before: Side, after: Side): Change[] {
  if (before.dataset !== null && after.dataset !== null) return [];
  const [a, b] = [before.datasetTold, after.datasetTold];
  const rest = change('dataset', 'unknown', 'dataset', { detail: 'its files were not recorded' });
  if (!a || !b) return [rest];
  const changes = [rest];
  const names = new Set([...a.folders, ...b.folders].map(({ name }) => name));
  for (const name of names) {
    const [from, to] = [a, b].map(({ folders }) => folders.find((each) => each.name === name));
    if (from === undefined || to === undefined) {
      const kind = from === undefined ? 'added' : 'removed';
      changes.push(
        change('dataset', kind, `folder ${name}`, { before: from?.images ?? null, after: to?.images ?? null }),
      );
      continue;
    }
    for (const key of ['images', 'repeats'] as const) {
      if (from[key] === to[key] || from[key] === null || to[key] === null) continue;
      changes.push(change('dataset', 'changed', `${key} of ${name}`, { before: from[key], after: to[key] }));
    }
    if (from.tags === null || to.tags === null) continue;
    for (const tag of new Set([...Object.keys(from.tags), ...Object.keys(to.tags)])) {
      const [left, right] = [from.tags[tag] ?? 0, to.tags[tag] ?? 0];
      if (left === right) continue;
      const kind = left === 0 ? 'added' : right === 0 ? 'removed' : 'changed';
      changes.push(
        change('dataset', kind, `tag ${tag}`, { before: left, after: right, detail: `in ${name}, as the models tell` }),
      );
    }
  }
  return changes;
}
