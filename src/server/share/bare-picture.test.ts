import sharp from 'sharp';
import { expect, test } from 'vitest';
import { isBareWebp } from './bare-picture.ts';

const picture = () => sharp({ create: { width: 8, height: 8, channels: 4, background: '#46628c80' } });

test('WebP of pixels alone is bare, with transparency, lossless or not', async () => {
  expect(isBareWebp(await picture().webp().toBuffer())).toBe(true);
  expect(isBareWebp(await picture().webp({ lossless: true }).toBuffer())).toBe(true);
});

test('one with what a generator writes beside them is not, nor what is cut, longer, or another format', async () => {
  const told = await picture()
    .withExif({ IFD0: { ImageDescription: 'a wolf' } })
    .webp()
    .toBuffer();
  expect(isBareWebp(told)).toBe(false);
  const bare = await picture().webp().toBuffer();
  expect(isBareWebp(bare.subarray(0, -2))).toBe(false);
  expect(isBareWebp(Buffer.concat([bare, Buffer.from('more')]))).toBe(false);
  expect(isBareWebp(await picture().png().toBuffer())).toBe(false);
  expect(isBareWebp(Buffer.alloc(3))).toBe(false);
});
