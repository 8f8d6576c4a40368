import type { Area } from '../../diff/change.ts';
import { SpoorError } from '../../model/errors.ts';
import { outcomeOf } from '../../model/outcome.ts';
import type { Run } from '../../model/run.ts';
import { type DiffSide, diffRuns, type RunsDiff, recordedSide, tabulateRuns } from '../../tracker/diff-runs.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { page, paintPatch } from '../pager.ts';
import { diffMarkdown } from '../reporters/diff-page/markdown.ts';
import { type DiffedRuns, diffPage, statPage } from '../reporters/diff-page/page.ts';
import { severalPage } from '../reporters/diff-page/several.ts';

export interface DiffOptions {
  only?: string;
  patch?: true;
  stat?: true;
  all?: true;
  markdown?: true;
  json?: true;
}

/** What differs between runs; of one, between it and the present. */
export async function diff(context: Context, references: string[], options: DiffOptions): Promise<number> {
  const isWanted = areasOf(options);
  const opened = await openSettled(context);
  const [first, second, ...more] = references;
  if (first === undefined) throw new SpoorError('usage', 'usage', 'spoor diff needs a run', 'See: spoor diff --help');
  const sides: DiffSide[] = [];
  for (const each of references) sides.push(await recordedSide(opened.recording, await opened.find(each)));
  if (more.length > 0) return several(context, sides, options, isWanted);
  if (second !== undefined) return tell(context, sides[0]!, sides[1]!, false, options, isWanted);
  const { withPresent } = await import('./diff-present.ts');
  return withPresent(context, opened, sides[0]!, (now) => tell(context, sides[0]!, now, true, options, isWanted));
}

const areaNames: readonly Area[] = [
  'code',
  'arguments',
  'config',
  'prompts',
  'script',
  'dataset',
  'environment',
  'model',
  'hardware',
];

/** Errors: `unknown-area`. */
function areasOf({ only }: DiffOptions): (area: Area) => boolean {
  if (only === undefined) return () => true;
  const wanted = only.split(',').map((each) => each.trim());
  const unknown = wanted.find((each) => !areaNames.includes(each as Area));
  if (unknown !== undefined) {
    const hint = `The areas are ${areaNames.join(', ')}.`;
    throw new SpoorError('usage', 'unknown-area', `--only: there is no area '${unknown}'`, hint);
  }
  return (area) => wanted.includes(area);
}

async function tell(
  context: Context,
  a: DiffSide,
  b: DiffSide,
  isPlanned: boolean,
  options: DiffOptions,
  isWanted: (area: Area) => boolean,
): Promise<number> {
  const found = await diffRuns(a, b);
  const changes = found.changes.filter(({ area }) => isWanted(area));
  const diffed: DiffedRuns = { before: a.run, after: b.run, isPlanned, changes };
  if (options.json) context.stdout.write(`${jsonText(asJson(diffed), 2)}\n`);
  else await show(context, diffed, found, options, isWanted);
  return 0;
}

async function show(
  context: Context,
  diffed: DiffedRuns,
  found: RunsDiff,
  options: DiffOptions,
  isWanted: (area: Area) => boolean,
): Promise<void> {
  const { stdout } = context;
  const shown = pageOptions(context, options);
  const lines = options.markdown
    ? diffMarkdown(diffed, shown.all, context.now())
    : options.stat
      ? statPage(diffed, shown)
      : diffPage(diffed, shown);
  const text = `${lines.join('\n')}\n`;
  if (!options.patch) {
    stdout.write(text);
    return;
  }
  const patch = Buffer.from(await found.patch(isWanted));
  if (options.markdown) stdout.write(`${text}\n\`\`\`\`\`diff\n${patch.toString('utf8')}\`\`\`\`\`\n`);
  else if (stdout.isTTY) await page(context, `${text}\n${paintPatch(patch.toString('utf8'), context)}`);
  // As it is, so that git apply takes it.
  else stdout.write(Buffer.concat([Buffer.from(`${text}\n`), patch]));
}

async function several(
  context: Context,
  sides: readonly DiffSide[],
  options: DiffOptions,
  isWanted: (area: Area) => boolean,
): Promise<number> {
  if (options.patch || options.stat || options.markdown) {
    const hint = 'Name two runs for --patch, --stat and --markdown.';
    throw new SpoorError('usage', 'too-many-runs', `${sides.length} runs are shown as a table only`, hint);
  }
  const rows = (await tabulateRuns(sides)).filter(({ area }) => isWanted(area));
  const runs = sides.map(({ run }) => run);
  if (options.json) {
    const answer = { runs: runs.map((run) => ({ ...named(run), outcome: outcomeOf(run) })), rows };
    context.stdout.write(`${jsonText(answer, 2)}\n`);
  } else context.stdout.write(`${severalPage(runs, rows, pageOptions(context, options)).join('\n')}\n`);
  return 0;
}

function pageOptions({ style, columns, userHome, now }: Context, { all }: DiffOptions) {
  return { style, columns, userHome, now: now(), all: all === true };
}

const named = ({ id, name, status }: Run) => ({ id, name: name.full, status });

function asJson({ before, after, isPlanned, changes }: DiffedRuns) {
  return {
    a: named(before),
    b: isPlanned ? null : named(after),
    changes,
    outcome: { a: outcomeOf(before), b: isPlanned ? null : outcomeOf(after) },
  };
}
