import type { Images } from '../../images/images.ts';
import { SpoorError } from '../../model/errors.ts';
import type { MadeArtifact } from '../../model/run.ts';
import type { Home } from '../../store/home.ts';
import { pictureOf } from '../../tracker/artefacts/contact-sheet.ts';
import { type GridColumn, placeLabel, type SampleGrid } from '../../tracker/artefacts/sample-grid.ts';
import type { Context } from '../context.ts';
import { pad, truncate, visible } from '../text.ts';
import { pictureText } from './kitty.ts';
import { promptLine } from './sample-lines.ts';

/** Cells of a picture; a cell is about twice as high as wide. */
const wide = 24;
const high = 12;
/** Pixels that so many cells have at most on common screens. */
const pixels = { width: wide * 16, height: high * 32 };

/** Draws the samples below their prompts, as many beside each other as fit. */
export async function showPictures(
  context: Pick<Context, 'stdout' | 'style' | 'columns'>,
  home: Home,
  images: Images,
  grid: SampleGrid,
): Promise<'shown' | 'no-library'> {
  const { stdout, style, columns } = context;
  const across = Math.max(1, Math.floor((columns + 1) / (wide + 1)));
  let before = 0;
  for (const { label, columns: places } of grid.runs) {
    if (grid.runs.length > 1) stdout.write(`${style.bold(visible(label))}\n`);
    for (const row of grid.rows) {
      const found = places.flatMap((column, at) => {
        const sample = row.cells[before + at];
        return sample ? [{ column, sample }] : [];
      });
      if (found.length === 0) continue;
      stdout.write(`${promptLine(row, found[0]!.sample, style, columns)}\n`);
      for (let at = 0; at < found.length; at += across) {
        const drawn = await drawLine(home, images, found.slice(at, at + across));
        if (drawn === 'no-library') return drawn;
        stdout.write(drawn);
      }
    }
    before += places.length;
  }
  return 'shown';
}

async function drawLine(
  home: Home,
  images: Images,
  found: { column: GridColumn; sample: MadeArtifact }[],
): Promise<string> {
  const labels = found.map(({ column }) =>
    pad(truncate(`${column.starred ? '★ ' : ''}${placeLabel(column)}`, wide), wide),
  );
  // Room first: a picture at the lower edge would scroll the screen below itself.
  let text = `${labels.join(' ').trimEnd()}\n${'\n'.repeat(high)}\x1b[${high}A`;
  for (const [at, { sample }] of found.entries()) {
    const png = await pngOf(home, images, sample);
    if (png === 'no-library') return png;
    text += `\r${at === 0 ? '' : `\x1b[${at * (wide + 1)}C`}`;
    text += png === null ? '(gone)' : pictureText(png.bytes, png.columns, png.rows);
  }
  return `${text}\r\x1b[${high}B`;
}

async function pngOf(home: Home, images: Images, sample: MadeArtifact) {
  try {
    const picture = await pictureOf(home, images, sample);
    if (!picture) return null;
    const { width, height } = picture;
    const scale = Math.min(pixels.width / width, pixels.height / height);
    const cells = {
      columns: Math.max(1, Math.round((width * scale * wide) / pixels.width)),
      rows: Math.max(1, Math.round((height * scale * high) / pixels.height)),
    };
    return { bytes: await images.png(picture.bytes, pixels.width, pixels.height), ...cells };
  } catch (error) {
    return error instanceof SpoorError && error.code === 'no-image-library' ? ('no-library' as const) : null;
  }
}
