import type { Images } from '../../images/images.ts';
import { cellFor, type Sheet } from '../../images/sheet-plan.ts';
import { SpoorError } from '../../model/errors.ts';
import type { MadeArtifact, Run } from '../../model/run.ts';
import type { Home } from '../../store/home.ts';
import { readSample } from './make-preview.ts';
import { askedLabel, type GridRow, placeLabel, type SampleGrid, sampleGrid } from './sample-grid.ts';

export interface ContactSheet {
  png: Uint8Array;
  pictures: number;
  /** Samples of which no picture could be had: neither preview nor file. */
  missing: number;
  /** Columns that were left out because the sheet would be too large. */
  leftOut: number;
}

/** Columns and rows beyond these are left out: columns evenly, the first and the last of each run kept. */
const mostCells = 900;
const mostRows = 60;

/** Errors: `no-samples`, `no-image-library`. */
export async function contactSheet(home: Home, images: Images, runs: readonly Run[]): Promise<ContactSheet> {
  const grid = sampleGrid(runs);
  if (grid.rows.length === 0) {
    const hint = 'A trainer makes them when it is told to: sample_prompts and sample_every_n_steps of sd-scripts.';
    throw new SpoorError(
      'not-found',
      'no-samples',
      `no samples of ${runs.map(({ name }) => name.full).join(', ')}`,
      hint,
    );
  }
  const { groups, rows, leftOut } = thinned(grid);
  const pictures: Uint8Array[] = [];
  const shapes: { width: number; height: number }[] = [];
  let missing = 0;
  const drawn: Sheet['rows'] = [];
  for (const { row, cells } of rows) {
    const places: (number | null)[] = [];
    for (const sample of cells) {
      const picture = sample && (await pictureOf(home, images, sample));
      if (sample && !picture) missing++;
      if (picture) shapes.push(picture);
      places.push(picture ? pictures.push(picture.bytes) - 1 : null);
    }
    const [first] = cells.filter((each) => each !== null);
    drawn.push({
      label: row.text || `prompt ${row.index ?? '?'}`,
      note: first ? askedLabel(first) : '',
      cells: places,
    });
  }
  const sheet: Sheet = {
    title: grid.runs.map(({ label }) => label).join('  ·  '),
    subtitle: subtitleOf(runs, grid, leftOut),
    cell: cellFor(shapes, { groups, rows: drawn }),
    groups,
    rows: drawn,
  };
  return { png: await images.sheet(sheet, pictures), pictures: pictures.length, missing, leftOut };
}

function subtitleOf(runs: readonly Run[], { rows, runs: columns }: SampleGrid, leftOut: number): string {
  const steps = columns.reduce((sum, each) => sum + each.columns.length, 0);
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
  const days = [...new Set(runs.map(({ startedAt }) => startedAt.slice(0, 10)))];
  const left = leftOut > 0 ? [`${leftOut} columns left out`] : [];
  return [count(rows.length, 'prompt'), count(steps, 'sampling'), ...days, ...left].join('  ·  ');
}

interface Thinned {
  groups: Sheet['groups'];
  rows: { row: GridRow; cells: (MadeArtifact | null)[] }[];
  leftOut: number;
}

function thinned({ runs, rows }: SampleGrid): Thinned {
  const shown = rows.slice(0, mostRows);
  const total = runs.reduce((sum, { columns }) => sum + columns.length, 0);
  const room = Math.max(2 * runs.length, Math.floor(mostCells / shown.length));
  const kept: number[] = [];
  let before = 0;
  const groups = runs.map(({ label, columns }) => {
    const most = total <= room ? columns.length : Math.max(2, Math.floor((room * columns.length) / total));
    const chosen = evenly(columns.length, most);
    kept.push(...chosen.map((at) => before + at));
    before += columns.length;
    return {
      title: label,
      columns: chosen.map((at) => ({ label: placeLabel(columns[at]!), starred: columns[at]!.starred })),
    };
  });
  const cells = (row: GridRow) => kept.map((at) => row.cells[at] ?? null);
  return { groups, rows: shown.map((row) => ({ row, cells: cells(row) })), leftOut: total - kept.length };
}

/** So many of the places, the first and the last among them. */
function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

/** The preview, else what stands of the sample itself. */
export async function pictureOf(
  home: Home,
  images: Images,
  sample: MadeArtifact,
): Promise<{ bytes: Uint8Array; width: number; height: number } | null> {
  const { preview, object } = sample;
  try {
    if (preview && (await home.objects.has(preview.object))) {
      return { bytes: await home.objects.get(preview.object), width: preview.width, height: preview.height };
    }
    const bytes = object && (await home.objects.has(object)) ? await home.objects.get(object) : await standing(sample);
    if (bytes === null) return null;
    const { webp, width, height } = await images.preview(bytes);
    return { bytes: webp, width, height };
  } catch (error) {
    if (error instanceof SpoorError && error.code === 'no-image-library') throw error;
    return null;
  }
}

/** The file, as far as it looks like what was recorded. */
async function standing({ path, bytes }: MadeArtifact): Promise<Uint8Array | null> {
  const found = await readSample(path);
  return found !== null && found.length === bytes ? found : null;
}
