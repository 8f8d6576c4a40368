/** Draws a contact sheet. Labels are set in the font that Spoor brings, as a bare machine has none. */
import type { OverlayOptions } from 'sharp';
import { mostDecodedBytes, openSharp } from './decode.ts';
import {
  columnLefts,
  headHeight,
  labelWidth,
  margin,
  mostSheetPixels,
  rowGap,
  type Sheet,
  sheetSize,
} from './sheet-plan.ts';

const ink = '#101828';
const quiet = '#667085';
const empty = '#f2f4f7';
const star = '#b54708';

interface Label {
  text: string;
  /** Pixels. */
  size: number;
  colour: string;
  width: number;
  lines: number;
  /** Before the text. */
  mark?: string;
}

/** @param pictures by the places that cells name. A picture that cannot be decoded leaves its box empty. */
export async function drawSheet(sheet: Sheet, pictures: readonly Uint8Array[], font: string): Promise<Uint8Array> {
  const sharp = await openSharp();
  const { width, height } = sheetSize(sheet);
  if (width * height > mostSheetPixels) throw new Error(`a sheet of ${width} × ${height} pixels is too large`);
  const { cell, groups, rows } = sheet;
  const overlays: OverlayOptions[] = [];
  const put = async (label: Label, left: number, top: number) => {
    const drawn = await drawLabel(label);
    if (drawn) overlays.push({ input: drawn.data, left, top });
    return drawn?.height ?? 0;
  };

  async function drawLabel({ text, size, colour, width: room, lines, mark = '' }: Label) {
    let shown = text.replace(/\p{C}+/gu, ' ').trim();
    let cut = false;
    const before = mark === '' ? '' : `<span foreground="${star}">${escaped(mark)}</span> `;
    while (shown !== '') {
      const markup = `${before}<span foreground="${colour}">${escaped(shown)}${cut ? '…' : ''}</span>`;
      const options = { text: markup, font: `DejaVu Sans ${size}`, fontfile: font, width: room, dpi: 72, rgba: true };
      const { data, info } = await sharp({ text: { ...options, wrap: 'word-char' } })
        .png()
        .toBuffer({ resolveWithObject: true });
      if (info.height <= lines * size * 1.35 && info.width <= room + 2) return { data, height: info.height };
      shown = [...shown]
        .slice(0, Math.floor([...shown].length * 0.85))
        .join('')
        .trimEnd();
      cut = true;
    }
    return null;
  }

  await put({ text: sheet.title, size: 24, colour: ink, width: width - 2 * margin, lines: 1 }, margin, margin - 4);
  await put(
    { text: sheet.subtitle, size: 13, colour: quiet, width: width - 2 * margin, lines: 1 },
    margin,
    margin + 32,
  );
  const lefts = columnLefts(sheet);
  let at = 0;
  for (const group of groups) {
    const left = lefts[at] ?? margin;
    const last = lefts[at + group.columns.length - 1] ?? left;
    const room = last + cell.width - left;
    if (groups.length > 1) {
      await put({ text: group.title, size: 16, colour: ink, width: room, lines: 1 }, left, headHeight - 58);
    }
    for (const { label, starred } of group.columns) {
      const mark = starred ? { mark: '★' } : {};
      const column = lefts[at++] ?? left;
      await put({ text: label, size: 13, colour: ink, width: cell.width, lines: 1, ...mark }, column, headHeight - 26);
    }
  }
  for (const [index, row] of rows.entries()) {
    const top = headHeight + index * (cell.height + rowGap);
    const lines = Math.max(1, Math.floor((cell.height - 24) / 18));
    const used = await put({ text: row.label, size: 13, colour: ink, width: labelWidth, lines }, margin, top);
    await put({ text: row.note, size: 11, colour: quiet, width: labelWidth, lines: 1 }, margin, top + used + 8);
    for (const [column, place] of row.cells.entries()) {
      const left = lefts[column] ?? 0;
      const picture = place === null ? null : await drawPicture(pictures[place]);
      if (picture === null) {
        const box = { ...cell, channels: 3 as const, background: empty };
        overlays.push({ input: await sharp({ create: box }).png().toBuffer(), left, top });
        continue;
      }
      const [x, y] = [(cell.width - picture.width) >> 1, (cell.height - picture.height) >> 1];
      overlays.push({ input: picture.data, left: left + x, top: top + y });
    }
  }
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(overlays)
    .png({ compressionLevel: 8 })
    .toBuffer();

  async function drawPicture(bytes: Uint8Array | undefined) {
    try {
      const { data, info } = await sharp(bytes, { limitInputPixels: mostDecodedBytes >> 3 })
        .resize(cell.width, cell.height, { fit: 'inside' })
        .toColourspace('srgb')
        .png()
        .toBuffer({ resolveWithObject: true });
      return { data, width: info.width, height: info.height };
    } catch {
      return null;
    }
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
