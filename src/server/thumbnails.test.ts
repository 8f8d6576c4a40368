import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { type Images, openImages } from '../images/images.ts';
import { openHome } from '../store/home.ts';
import { created, ended, options, sample, serveHome, tell, testId } from './testing/served-home.ts';
import { Thumbnails } from './thumbnails.ts';

const dist = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));

function counting(): Images & { made: number } {
  const images = openImages({
    command: [process.execPath, dist('images.js'), dist('DejaVuSans.ttf')],
    env: { PATH: process.env.PATH },
  });
  onTestFinished(() => images.close());
  const counted = {
    ...images,
    made: 0,
    preview: (bytes: Uint8Array) => {
      counted.made++;
      return images.preview(bytes);
    },
  };
  return counted;
}

const wide = () =>
  sharp({ create: { width: 2000, height: 1000, channels: 3, background: 'red' } })
    .png()
    .toBuffer();

async function thumbnails(images?: Images) {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-thumbnails-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const home = await openHome(directory, 'lair');
  const { recording } = options(home, directory);
  return () => new Thumbnails({ ...recording, ...(images && { images }) });
}

it('a picture is made small once, also for those who ask together or later', async () => {
  const images = counting();
  const fresh = await thumbnails(images);
  const bytes = await wide();
  const one = fresh();
  const all = await Promise.all([1, 2, 3].map(() => one.of('a', async () => bytes)));
  const small = all[0] as Uint8Array;
  expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 512, height: 256 });
  const never = () => Promise.reject(new Error('not read again'));
  expect(await fresh().of('a', never)).toEqual(Buffer.from(small));
  expect(images.made).toBe(1);
});

it('what is no picture is tried once', async () => {
  const images = counting();
  const made = (await thumbnails(images))();
  for (let i = 0; i < 3; i++) expect(await made.of('b', async () => Buffer.from('<svg onload="x"/>'))).toBeNull();
  expect(images.made).toBe(1);
});

it('without an image library there are no small pictures', async () => {
  const made = (await thumbnails())();
  expect(await made.of('c', () => Promise.reject(new Error('not read')))).toBeNull();
});

it('samples of runs that nobody followed are sent small, byte for byte only when asked for', async () => {
  const images = counting();
  const id = testId(1);
  const bytes = await wide();
  const directory = mkdtempSync(join(tmpdir(), 'spoor-imported-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const home = await openHome(join(directory, 'home'), 'lair');
  const { recording } = options(home, directory);
  await using server = await serveHome(
    async () => {
      mkdirSync(join(directory, 'out'));
      writeFileSync(join(directory, 'out/a.png'), bytes);
      await tell(home, id, created(id, 'noob-wolf-v1'), sample(join(directory, 'out/a.png')), ended());
    },
    { recording: { ...recording, images } },
  );
  const { samples } = await server.ask('listSamples', { run: id });
  const asked = { run: id, sample: samples[0]?.id as string };
  const small = await server.ask('samplePreview', asked);
  expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 512 });
  expect(Buffer.from(await server.ask('sampleOriginal', asked))).toEqual(bytes);
  const sheet = await server.ask('contactSheet', { run: id });
  expect((await sharp(sheet).metadata()).format).toBe('png');
});
