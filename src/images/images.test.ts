import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openImages, type WorkerOptions, workerBound } from './images.ts';
import {
  cellFor,
  columnLefts,
  headHeight,
  labelWidth,
  margin,
  mostSheetPixels,
  type Sheet,
  sheetSize,
} from './sheet-plan.ts';

const dist = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
/** A machine without fonts. */
const bare = { PATH: process.env.PATH, FONTCONFIG_FILE: '/nonexistent', FONTCONFIG_PATH: '/nonexistent' };

function images(options: Partial<WorkerOptions> = {}) {
  const command = [process.execPath, dist('images.js'), dist('DejaVuSans.ttf')];
  const opened = openImages({ command, env: bare, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

interface Drawn {
  width: number;
  height: number;
  /** Bits a sample, 8 or 16. */
  depth?: number;
  interlaced?: boolean;
  /** Rows that are really there. */
  rows?: number;
}

/** A PNG that says it has so many pixels; those that are there are black. RGBA. */
function png({ width, height, depth = 8, interlaced = false, rows = height }: Drawn): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 6, 0, 0, interlaced ? 1 : 0], 8);
  const pixels = Buffer.alloc(
    interlaced ? interlacedBytes(width, height, depth) : rows * (1 + (width * 4 * depth) / 8),
  );
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Adam7: seven passes, each row with a filter byte. */
function interlacedBytes(width: number, height: number, depth: number): number {
  const passes: readonly [x: number, y: number, dx: number, dy: number][] = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  return passes.reduce((sum, [x, y, dx, dy]) => {
    const [columns, rows] = [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)];
    return sum + (columns > 0 && rows > 0 ? rows * (1 + (columns * 4 * depth) / 8) : 0);
  }, 0);
}

const sizeOf = async (bytes: Uint8Array) => {
  const { format, width, height } = await sharp(bytes).metadata();
  return { format, width, height };
};

describe('a preview', () => {
  it('is a WebP of at most 512 pixels, never enlarged, of the file kinds that trainers write', async () => {
    const worker = images();
    const of = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#369' } });
    const large = await worker.preview(await of(1024, 1536).png().toBuffer());
    expect(large).toMatchObject({ image: { width: 1024, height: 1536, format: 'png' }, width: 341, height: 512 });
    expect(await sizeOf(large.webp)).toEqual({ format: 'webp', width: 341, height: 512 });
    const small = await worker.preview(await of(64, 64).jpeg().toBuffer());
    expect(small).toMatchObject({ image: { width: 64, height: 64, format: 'jpeg' }, width: 64, height: 64 });
    expect((await worker.preview(await of(40, 30).webp().toBuffer())).image.format).toBe('webp');
    expect((await worker.preview(await of(40, 30).gif().toBuffer())).image.format).toBe('gif');
  });

  it('is not made of what is no picture, or a broken one, and the next is made all the same', async () => {
    const worker = images();
    const whole = await sharp(randomBytes(64 * 64 * 3), { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    const refused = (bytes: Uint8Array) => expect(worker.preview(bytes)).rejects;
    await refused(new Uint8Array(0)).toThrow('it is no PNG');
    await refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')).toThrow('it is no PNG');
    await refused(whole.subarray(0, 20)).toThrow('cannot be decoded');
    await refused(whole.subarray(0, whole.length >> 1)).toThrow('cannot be decoded');
    await refused(Buffer.concat([whole.subarray(0, 60), Buffer.alloc(400), whole.subarray(460)])).toThrow('cannot');
    expect((await worker.preview(whole)).width).toBe(64);
  });

  it('of a bomb is refused by its header, and of the largest allowed stays within the bound of memory', async () => {
    const worker = images();
    await expect(worker.preview(png({ width: 50_000, height: 50_000, rows: 1 }))).rejects.toThrow('pixels');
    await expect(worker.preview(png({ width: 8_000, height: 8_000, depth: 16, rows: 1 }))).rejects.toThrow('pixels');
    const before = worker.peak;
    expect(before).toBeGreaterThan(0);
    const interlaced = await worker.preview(png({ width: 6_800, height: 7_000, interlaced: true }));
    expect(interlaced.image).toMatchObject({ width: 6_800, height: 7_000 });
    expect((await worker.preview(png({ width: 4_900, height: 4_900, depth: 16 }))).height).toBe(512);
    const decoded = 6_800 * 7_000 * 4;
    // It was decoded whole, or this test would show nothing.
    expect(worker.peak - before).toBeGreaterThan(decoded / 2);
    expect(worker.peak).toBeLessThan(workerBound);
  }, 120_000);

  it('of any bytes is made or refused', async () => {
    const worker = images();
    const seed = await sharp({ create: { width: 32, height: 32, channels: 3, background: '#639' } })
      .png()
      .toBuffer();
    const edits = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(edits, fc.nat(seed.length), async (changes, cut) => {
        const bytes = Buffer.from(seed.subarray(0, cut));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const made = await worker.preview(bytes).catch((error) => error);
        if (made instanceof Error) expect(made).toMatchObject({ code: 'image-unreadable' });
        else expect(made.width).toBeLessThanOrEqual(512);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe('the worker', () => {
  it('that dies or hangs costs one image', async () => {
    const dies = 'process.stdin.once("data", () => process.exit(3))';
    const hangs = 'process.stdin.resume()';
    const of = (program: string) => images({ command: [process.execPath, '-e', program], patienceMs: 500 });
    await expect(of(dies).preview(png({ width: 2, height: 2 }))).rejects.toThrow('crash');
    await expect(of(hangs).preview(png({ width: 2, height: 2 }))).rejects.toThrow('too long');
  });

  it('that takes more memory than the bound is ended', async () => {
    const grows = 'const held = []; process.stdin.on("data", () => { for (;;) held.push(Buffer.alloc(1 << 20, 1)); })';
    const worker = images({ command: [process.execPath, '-e', grows] });
    await expect(worker.preview(png({ width: 2, height: 2 }))).rejects.toThrow('too much memory');
  });

  it('without its library says so', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'spoor-images-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    cpSync(dist('.'), elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, 'package.json'), '{"type":"module"}');
    const worker = images({ command: [process.execPath, join(elsewhere, 'images.js'), ''] });
    const refused = expect(worker.preview(png({ width: 2, height: 2 }))).rejects;
    await refused.toMatchObject({ code: 'no-image-library', message: expect.stringContaining('sharp') });
  });
});

describe('a contact sheet', () => {
  const sheet = (side: number): Sheet => ({
    title: 'wolf-v1 <&> żółw',
    subtitle: 'two steps',
    cell: { width: side, height: side },
    groups: [{ title: 'wolf-v1', columns: ['step 8', 'step 16'].map((label) => ({ label, starred: true })) }],
    rows: [{ label: 'a grey wolf, '.repeat(60), note: 'seed 42', cells: [0, null] }],
  });

  it('has pictures where its plan says, and labels on a machine without fonts', async () => {
    const worker = images();
    const red = await sharp({ create: { width: 512, height: 256, channels: 3, background: '#f00' } })
      .webp({ lossless: true })
      .toBuffer();
    const drawn = await worker.sheet(sheet(200), [red]);
    const { width, height } = sheetSize(sheet(200));
    expect(await sizeOf(drawn)).toEqual({ format: 'png', width, height });
    const { data, info } = await sharp(drawn).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const pixel = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
    const [first = 0, second = 0] = columnLefts(sheet(200));
    expect(pixel(first + 100, headHeight + 100)).toEqual([255, 0, 0]);
    expect(pixel(first + 100, headHeight + 10)).toEqual([255, 255, 255]);
    expect(pixel(second + 100, headHeight + 100)).toEqual([0xf2, 0xf4, 0xf7]);
    // Letters: dark pixels in the title, in the columns' head and beside the row, and none outside their room.
    const dark = (left: number, top: number, right: number, bottom: number) => {
      let count = 0;
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) if ((pixel(x, y)[1] ?? 255) < 120) count++;
      return count;
    };
    expect(dark(margin, 0, width, 70)).toBeGreaterThan(200);
    expect(dark(first, 70, width, headHeight)).toBeGreaterThan(100);
    expect(dark(margin, headHeight, margin + labelWidth, height)).toBeGreaterThan(500);
    expect(dark(margin + labelWidth + 2, headHeight, first, height)).toBe(0);
  });

  it('of too many pixels is refused, and its boxes shrink so that it is not', async () => {
    await expect(images().sheet(sheet(9_000), [])).rejects.toThrow('too large');
    const groups = [{ title: '', columns: Array.from({ length: 60 }, () => ({ label: '', starred: false })) }];
    const rows = Array.from({ length: 40 }, () => ({ label: '', note: '', cells: [] }));
    const cell = cellFor([{ width: 832, height: 1216 }], { groups, rows });
    const { width, height } = sheetSize({ cell, groups, rows });
    expect(width * height).toBeLessThanOrEqual(mostSheetPixels);
    expect(cell.width / cell.height).toBeCloseTo(832 / 1216, 1);
  });
});
