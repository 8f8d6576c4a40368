/** Pictures of before, and how like them one of now is. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import sharp from 'sharp';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const references = fileURLToPath(new URL('./references/', import.meta.url));

/** By `SPOOR_TEST_PICTURES=write` what the page looks like now becomes what it shall look like. */
export const isWriting = process.env.SPOOR_TEST_PICTURES === 'write';

/**
 * How far apart the colours of two pixels may be, as pixelmatch measures it: black and white are 1 apart, the page's
 * paper and a panel on it 0.02, so that a panel that lost its ground is seen.
 */
const threshold = 0.015;

/**
 * How many pixels may be further apart, beside those of smoothed edges. The Chromium that drew the references draws them
 * again, however busy the machine, with none that differ, or a few where pictures are made smaller; one of six versions
 * before draws 6 otherwise, on one page. The least that means something is the dot that says that the page is live: 25.
 */
const mostDifferent = 20;

interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

async function pixelsOf(picture: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const pathOf = (name: string) => join(references, `${name}.webp`);

export async function readReference(name: string): Promise<Pixels> {
  if (!existsSync(pathOf(name))) throw new Error(`${pathOf(name)} is missing: SPOOR_TEST_PICTURES=write makes it`);
  return pixelsOf(readFileSync(pathOf(name)));
}

/** Without loss: small differences count. One from which nothing differs stays as it is. */
export async function writeReference(name: string, picture: Buffer): Promise<void> {
  const before = await readReference(name).catch(() => null);
  if (before && (await compare(before, picture)).different === 0) return;
  mkdirSync(references, { recursive: true });
  writeFileSync(pathOf(name), await sharp(picture).webp({ lossless: true, effort: 6 }).toBuffer());
}

export interface Likeness {
  /** Pixels that differ; all where the sizes do. */
  different: number;
  alike: boolean;
}

/** @param into where they differ is drawn here */
export async function compare(before: Pixels, picture: Buffer, into?: Buffer): Promise<Likeness> {
  const { data, width, height } = before;
  const now = await pixelsOf(picture);
  const isOneSize = now.width === width && now.height === height;
  const different = isOneSize
    ? pixelmatch(data, now.data, into, width, height, { threshold })
    : Math.max(data.length, now.data.length) / 4;
  return { different, alike: different <= mostDifferent };
}

/** Keeps what a failure is about: as it was, as it is, and where the two differ. @returns the directory */
export async function keepDifference(name: string, before: Pixels, picture: Buffer): Promise<string> {
  const folder = join(root, '.build', 'pictures', name);
  mkdirSync(folder, { recursive: true });
  const { data, width, height } = before;
  const difference = Buffer.alloc(data.length);
  await compare(before, picture, difference);
  for (const [file, content] of Object.entries({ before: data, difference })) {
    await sharp(content, { raw: { width, height, channels: 4 } })
      .png()
      .toFile(join(folder, `${file}.png`));
  }
  writeFileSync(join(folder, 'now.png'), picture);
  return folder;
}
