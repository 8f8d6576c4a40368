/** Pictures that a sampler could have made: a moon over hills, the clearer the more was learned. */
import sharp from 'sharp';

export const drawingSize = { width: 160, height: 160 };

/** @param look prompt: which motif; sharp: from 0, a haze, to 1; hue: degrees of the colour wheel */
export async function drawing(look: { prompt: number; sharp: number; hue: number }): Promise<Buffer> {
  const { width, height } = drawingSize;
  const moonX = 0.25 + 0.17 * look.prompt;
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const moon = Math.hypot(u - moonX, v - 0.28) < 0.11;
      const far = v > 0.62 + 0.08 * Math.sin(7 * u + look.prompt);
      const near = v > 0.8 + 0.06 * Math.sin(11 * u + 2 * look.prompt);
      const light = moon ? 0.92 : near ? 0.12 : far ? 0.26 : 0.62 - 0.35 * v;
      // What was not learned yet is the grey of the middle.
      const learned = 0.5 + (light - 0.5) * look.sharp;
      pixels.set(tinted(learned, look.hue, moon ? 0.1 : 0.35 * look.sharp), (y * width + x) * 3);
    }
  }
  const raw = { width, height, channels: 3 as const };
  return sharp(pixels, { raw }).webp({ lossless: true }).toBuffer();
}

/** @returns red, green and blue, in a few steps only: smooth ones would make the references large */
function tinted(light: number, hue: number, chroma: number): number[] {
  return [0, 120, 240].map((offset) => {
    const part = light * (1 + chroma * Math.cos(((hue - offset) * Math.PI) / 180));
    return Math.max(0, Math.min(255, 8 * Math.round(32 * part)));
  });
}
