import type { Run } from '../../model/run.ts';
import {
  type Basis,
  type BestCheckpoints,
  bestCheckpoints,
  type RankedCheckpoint,
} from '../../tracker/artefacts/best-checkpoints.ts';
import { placeLabel } from '../../tracker/artefacts/sample-grid.ts';
import { loadRun } from '../../tracker/load-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { type Column, tableLines } from '../reporters/table.ts';
import { number, visible } from '../text.ts';

export async function best(context: Context, references: string[], options: { json?: true }): Promise<number> {
  const { home, find } = await openSettled(context);
  const runs: Run[] = [];
  for (const each of references) {
    const run = await loadRun(home, await find(each));
    if (!runs.some(({ id }) => id === run.id)) runs.push(run);
  }
  const found = await bestCheckpoints(home, runs);
  const { stdout, stderr, style, errorStyle } = context;
  if (options.json) {
    stdout.write(`${jsonText({ basis: found.basis, ranked: found.ranked.map(entry) }, 2)}\n`);
    return 0;
  }
  if (found.basis.length === 0) {
    stderr.write(`${noBasis(found, runs)}\n`);
    return 0;
  }
  const width = stdout.isTTY || context.env.COLUMNS ? context.columns : Number.POSITIVE_INFINITY;
  stdout.write(`${tableLines(columns(context, runs.length > 1), found.ranked, width, style.dim).join('\n')}\n`);
  stderr.write(`${errorStyle.dim(`spoor: ranked by ${found.basis.map((each) => words[each]).join(', then ')}`)}\n`);
  return 0;
}

const words: Record<Basis, string> = {
  stars: 'stars',
  verdict: 'the verdict on their runs',
  'blind-tests': 'blind tests',
  'validation-loss': 'validation loss',
};

function noBasis({ checkpoints }: BestCheckpoints, runs: readonly Run[]): string {
  const names = runs.map(({ name }) => visible(name.full)).join(', ');
  if (checkpoints === 0) return `No checkpoints of ${names}.`;
  if (checkpoints === 1) return `There is one checkpoint of ${names}: nothing to rank.`;
  return (
    `Nothing ranks the ${checkpoints} checkpoints of ${names}: no stars, verdicts, blind tests or validation loss tell them apart, and training loss says nothing of them.\n` +
    `Look at them with: spoor samples ${runs.map(({ id }) => id.slice(0, 10)).join(' ')} --contact-sheet sheet.png; then spoor star RUN STEP`
  );
}

function columns({ style }: Context, several: boolean): Column<RankedCheckpoint>[] {
  return [
    { title: '', text: ({ rank }) => String(rank), align: 'right' },
    { title: 'STAR', text: ({ starred }) => (starred ? '★' : ''), paint: style.yellow },
    { title: 'RUN', text: ({ run }) => (several ? visible(run.name) : ''), least: 12, cut: 'middle' },
    { title: 'STEP', text: ({ artifact }) => placeLabel(artifact) },
    { title: 'VERDICT', text: ({ run }) => (several ? (run.verdict ?? '') : ''), spare: 1 },
    {
      title: 'BLIND',
      text: ({ preferred }) => (several && preferred !== 0 ? signed(preferred) : ''),
      align: 'right',
      spare: 1,
    },
    { title: 'VALIDATION', text: ({ validation }) => (validation ? number(validation.value) : ''), align: 'right' },
    { title: 'FILE', text: ({ artifact }) => visible(artifact.path.split('/').at(-1) ?? ''), least: 16, cut: 'middle' },
    { title: 'STATE', text: ({ artifact }) => stateOf(artifact), paint: style.dim, spare: 2 },
  ];
}

function stateOf({ goneAt, removed, object }: RankedCheckpoint['artifact']): string {
  const state = removed ? (removed.trash === null ? 'pruned' : 'in the trash') : goneAt ? 'deleted' : '';
  return [state, object ? 'kept' : ''].filter((part) => part !== '').join(', ');
}

const signed = (count: number) => (count > 0 ? `+${count}` : `−${-count}`);

function entry({ rank, run, artifact, starred, preferred, validation }: RankedCheckpoint) {
  const { path, step, epoch, final, sha256, goneAt, object = null, removed = null } = artifact;
  return { rank, run, path, step, epoch, final, sha256, goneAt, object, removed, starred, preferred, validation };
}
