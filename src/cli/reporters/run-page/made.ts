import type { Artifact } from '../../../model/facts.ts';
import type { MadeArtifact, Run } from '../../../model/run.ts';
import { plural, size, visible } from '../../text.ts';
import { type Column, tableLines } from '../table.ts';
import type { Page } from './page.ts';

const kinds: readonly Artifact['kind'][] = ['checkpoint', 'state', 'sample'];
/** How many of a kind are named by default: the last. */
const few = 4;

export function made(page: Page, run: Run): string[] {
  const { style } = page;
  const groups = kinds.map((kind) => ({ kind, all: run.artifacts.filter((each) => each.kind === kind) }));
  const shown = groups.map(({ all }) => (page.all ? all : all.slice(-few)));
  const columns: Column<MadeArtifact>[] = [
    {
      title: 'file',
      text: (each) => (page.all ? page.path(each.path) : visible(each.path.split('/').at(-1) ?? '')),
      cut: 'middle',
      least: 12,
    },
    { title: 'place', text: placeText },
    { title: 'size', text: ({ bytes }) => (bytes === null ? '' : size(bytes)), align: 'right', spare: 2 },
    { title: 'hash', text: (each) => each.sha256?.slice(0, 10) ?? '', paint: style.yellow, spare: 3 },
    { title: 'state', text: stateText, paint: style.dim, spare: 1 },
  ];
  const lines = tableLines(columns, shown.flat(), page.room - 2, null);
  let at = 0;
  return groups.flatMap(({ kind, all }, i) => {
    const rows = lines.slice(at, at + (shown[i]?.length ?? 0));
    at += rows.length;
    if (all.length === 0) return [];
    const last = rows.length < all.length ? style.dim(`, the last ${rows.length}`) : '';
    const previews = all.filter(({ preview }) => preview).length;
    const seen = previews > 0 ? style.dim(`, ${plural(previews, 'preview')}`) : '';
    return [plural(all.length, kind) + seen + last, ...rows.map((row) => `  ${row}`)];
  });
}

/** What became of the file; whether its bytes are kept. */
function stateText({ goneAt, removed, object }: MadeArtifact): string {
  const state = removed ? (removed.trash === null ? 'pruned' : 'in the trash') : goneAt ? 'deleted' : '';
  return [state, object ? 'kept' : ''].filter((part) => part !== '').join(', ');
}

function placeText({ final, step, epoch }: Artifact): string {
  if (final) return 'final';
  return step !== null ? `step ${step}` : epoch !== null ? `epoch ${epoch}` : '';
}
