import { openSharp } from './decode.ts';
import { mostSheetPixels } from './sheet-plan.ts';

/** Dots an inch at which one unit of an SVG is a pixel. */
const unit = 72;

/**
 * A PNG of an SVG that Spoor made.
 *
 * @param scale pixels for each unit of the SVG
 * @param font is known by its name to the drawing then, also on a machine without fonts
 */
export async function rasterise(svg: Uint8Array, scale: number, font: string): Promise<Uint8Array> {
  const sharp = await openSharp();
  // Whoever sets text from a font file makes the font known to the whole process.
  await sharp({ text: { text: '.', font: 'DejaVu Sans 8', fontfile: font } })
    .png()
    .toBuffer();
  return sharp(svg, { density: unit * scale, limitInputPixels: mostSheetPixels })
    .flatten({ background: '#ffffff' })
    .png({ compressionLevel: 8 })
    .toBuffer();
}
