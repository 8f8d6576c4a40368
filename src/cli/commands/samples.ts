import { resolve } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import type { MadeArtifact, Run } from '../../model/run.ts';
import { writeDurably } from '../../store/durable.ts';
import { contactSheet } from '../../tracker/artefacts/contact-sheet.ts';
import { type SampleGrid, sampleGrid } from '../../tracker/artefacts/sample-grid.ts';
import { loadRun } from '../../tracker/load-run.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { type OpenedHome, openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { canShowPictures } from '../reporters/kitty.ts';
import { sampleLines } from '../reporters/sample-lines.ts';
import { showPictures } from '../reporters/sample-pictures.ts';
import { plural, shortPath } from '../text.ts';

export interface SamplesOptions {
  contactSheet?: string;
  images: boolean;
  json?: true;
}

export async function samples(context: Context, references: string[], options: SamplesOptions): Promise<number> {
  const file = options.contactSheet === undefined ? null : pictureFile(context, options.contactSheet);
  const { home, recording, find } = await openSettled(context);
  const ids: string[] = [];
  for (const each of references) ids.push(await find(each));
  const runs: Run[] = [];
  for (const id of new Set(ids)) runs.push(await loadRun(home, id));
  if (file !== null) await writeSheet(context, { home, recording }, runs, file);
  const grid = sampleGrid(runs);
  if (options.json) context.stdout.write(`${jsonText(document(grid), 2)}\n`);
  else if (file === null) await print(context, { home, recording }, grid, options);
  recording.images?.close();
  return 0;
}

function pictureFile({ cwd }: Context, name: string): string {
  if (/\.png$/i.test(name)) return resolve(cwd, name);
  const message = `--contact-sheet ${name}: a contact sheet is a PNG`;
  throw new SpoorError('usage', 'not-a-png', message, 'Give it a name that ends in .png.');
}

async function writeSheet(
  context: Context,
  { home, recording }: Pick<OpenedHome, 'home' | 'recording'>,
  runs: readonly Run[],
  file: string,
): Promise<void> {
  const { png, pictures, missing, leftOut } = await contactSheet(home, recording.images!, runs);
  await writeDurably(file, png);
  const gone = missing > 0 ? `, ${plural(missing, 'sample')} of which nothing is left` : '';
  const left = leftOut > 0 ? `, ${plural(leftOut, 'column')} left out` : '';
  const text = `spoor: ${plural(pictures, 'picture')} in ${shortPath(file, context.userHome)}${gone}${left}`;
  context.stderr.write(`${context.errorStyle.dim(text)}\n`);
}

async function print(
  context: Context,
  { home, recording }: Pick<OpenedHome, 'home' | 'recording'>,
  grid: SampleGrid,
  options: SamplesOptions,
): Promise<void> {
  if (grid.rows.length === 0) {
    context.stderr.write(`No samples of ${grid.runs.map(({ name }) => name).join(', ')}.\n`);
    return;
  }
  if (options.images && canShowPictures(context)) {
    const shown = await showPictures(context, home, recording.images!, grid);
    if (shown !== 'no-library') return;
    warn(context, 'the image library is missing: only names are shown', null);
  }
  context.stdout.write(`${sampleLines(context, grid).join('\n')}\n`);
}

function document({ runs, rows }: SampleGrid) {
  let before = 0;
  return runs.map(({ id, name, columns }) => {
    const places = columns.map((column, at) => ({ column, at: before + at }));
    before += columns.length;
    const samples = rows.flatMap(({ cells }) =>
      places.flatMap(({ column, at }) => {
        const sample = cells[at];
        return sample ? [entry(sample, column.starred)] : [];
      }),
    );
    return { run: { id, name }, samples };
  });
}

function entry(sample: MadeArtifact, starred: boolean) {
  const { path, step, epoch, prompt, seed, bytes, sha256, modifiedAt, goneAt } = sample;
  const { preview = null, image = null, object = null, prompted = null } = sample;
  return {
    path,
    step,
    epoch,
    prompt,
    seed,
    prompted,
    image,
    preview,
    object,
    bytes,
    sha256,
    modifiedAt,
    goneAt,
    starred,
  };
}
