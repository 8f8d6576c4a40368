/** Ten thousand images with captions, and what the next version made of them. */
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Told } from '../../src/model/facts.ts';
import { makeRunId, type RunId } from '../../src/model/run-id.ts';
import { parseRunName } from '../../src/model/run-name.ts';
import { created, ended, sample, tell } from '../../src/server/testing/served-home.ts';
import { openHome } from '../../src/store/home.ts';
import { imported, layOut } from '../import/play.ts';
import { spoor } from '../support/spoor.ts';
import { makeWorld } from '../support/world.ts';
import { eventually, type Open, open, type Visit, visit } from './browser.ts';

const count = 10_000;
let on: Open;
let guest: Visit;
let first: RunId;
let second: RunId;
let foreign: string;

beforeAll(async () => {
  const world = makeWorld();
  const home = await openHome(world.spoorHome, 'den');
  const paint = (background: string) =>
    sharp({ create: { width: 48, height: 48, channels: 3, background } })
      .png()
      .toBuffer();
  const blobs = [
    await paint('#24406e'),
    await paint('#b4541a'),
    ...['grey wolf, night', 'grey wolf, day, snow', 'grey wolf, night, stars'].map((text) => Buffer.from(text)),
  ];
  const [blue, orange, night, day, stars] = (await home.objects.putAll(blobs)).map(({ sha256, bytes }) => ({
    sha256,
    object: sha256,
    bytes,
  }));
  const version = async (at: number, change: boolean): Promise<RunId> => {
    const id = makeRunId(Date.UTC(2026, 0, at), new Uint8Array(10).fill(at));
    const files = Array.from({ length: count }, (_, index) => {
      const name = `wolf-${String(index).padStart(5, '0')}`;
      const caption = index % 4 === 0 ? day : change && index === 1 ? stars : night;
      return [
        {
          root: 0,
          path: `2_wolf/${change && index === 3 ? 'wolf-new' : name}.png`,
          kind: 'image',
          ...(change && index === 2 ? orange : blue),
        },
        { root: 0, path: `2_wolf/${change && index === 3 ? 'wolf-new' : name}.txt`, kind: 'caption', ...caption },
      ];
    }).flat();
    const manifest = await home.objects.put(Buffer.from(files.map((each) => `${JSON.stringify(each)}\n`).join('')));
    const dataset: Told = {
      type: 'dataset',
      dataset: {
        roots: [{ path: '/datasets/wolf', kind: 'train', repeats: 1, classTokens: null, captionExtension: '.txt' }],
        files: files.length,
        images: count,
        captions: count,
        bytes: 1000,
        sha256: manifest.sha256,
        manifest: manifest.sha256,
        imagesKept: count,
        omitted: [],
        omittedMore: 0,
      },
    };
    const model = sample('/out/wolf.safetensors', { kind: 'checkpoint', step: 100, prompt: null, seed: null });
    await tell(home, id, created(id, '', { name: parseRunName(`noob-wolf-v${at}s100`) }), dataset, model, ended());
    return id;
  };
  first = await version(1, false);
  second = await version(2, true);
  const { runs } = await imported(world, layOut(world, 'A-good-lora-pty', { 'kumo.safetensors': {} }));
  foreign = runs[0]?.id ?? '';
  await spoor(world, ['reindex']);
  on = await open(world);
  guest = await visit(on.browser, on.served);
}, 120_000);
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => {
  guest.faults.length = 0;
});

const search = () => Object.fromEntries(new URL(guest.page.url()).searchParams);
const tiles = () => guest.page.locator('main [data-place]');

it('draws of ten thousand images those in sight, and those of any place after scrolling there', async () => {
  const { page, go, faults } = guest;
  await go(`/runs/${second}/dataset`);
  await page.getByText('10,000 images').waitFor();
  await tiles().first().waitFor();
  expect(await page.locator('main ul li').count()).toBeLessThan(200);
  await page.evaluate('scrollTo(0, document.body.scrollHeight / 2)');
  const place = async () => Number(await tiles().first().getAttribute('data-place'));
  await eventually(place).toBeGreaterThan(4000);
  await eventually(() => tiles().first().locator('img').count()).toBe(1);
  expect(await page.locator('main ul li').count()).toBeLessThan(200);
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
  await eventually(() => tiles().last().getAttribute('data-place')).toBe('9999');
  expect(faults).toEqual([]);
});

it('is narrowed to images with some tags and without others, by words too; the address keeps it', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}/dataset`);
  const tags = page.getByRole('complementary', { name: 'Tags' });
  await tags.getByRole('button', { name: /^night/ }).click();
  await page.getByText('7,500 images').waitFor();
  await tags.getByRole('button', { name: 'Without stars' }).click();
  await page.getByText('7,499 images').waitFor();
  await eventually(() => [search().tag, search().not]).toEqual(['["night"]', '["stars"]']);
  await page.getByLabel('Search captions and paths').fill('wolf-0000');
  // Of the first ten three are by day, one has stars and one another name.
  await page.getByText('5 images').waitFor();
  await eventually(() => search().q).toBe('wolf-0000');
  await page.reload();
  await page.getByText('5 images').waitFor();
  await eventually(() => page.getByLabel('Search captions and paths').inputValue()).toBe('wolf-0000');
  // A tag is either wished or not.
  await tags.getByRole('button', { name: 'Without night' }).click();
  await eventually(() => [search().tag, search().not]).toEqual([undefined, '["stars","night"]']);
});

it('is walked by arrow keys, and each image opened from there', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}/dataset`);
  await tiles().first().focus();
  const focused = () => page.evaluate('document.activeElement.dataset.place');
  await page.keyboard.press('ArrowRight');
  await eventually(focused).toBe('1');
  await page.keyboard.press('ArrowDown');
  await eventually(async () => Number(await focused())).toBeGreaterThan(4);
  await page.keyboard.press('End');
  await eventually(focused).toBe('9999');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('10,000 / 10,000').waitFor();
  await eventually(() => dialog.getByRole('button', { name: 'The next image' }).isDisabled()).toBe(true);
  await page.keyboard.press('ArrowLeft');
  await dialog.getByText('9,999 / 10,000').waitFor();
  await dialog.getByText('2_wolf/wolf-09998.png').waitFor();
  await eventually(() => search().at).toBe('9998');
  // The address opens it, wherever it stands.
  await page.reload();
  await dialog.getByText('2_wolf/wolf-09998.png').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await eventually(() => search().at).toBeUndefined();
});

it('has what is chosen in the browser’s history: an image is closed by going back, a tag taken back', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}/dataset`);
  await page.getByRole('button', { name: 'What changed since' }).click();
  await page.getByRole('menuitem', { name: 'noob-wolf-v1s100' }).click();
  await eventually(() => tiles().count()).toBe(4);
  const dialog = page.getByRole('dialog');
  await tiles().first().click();
  await dialog.waitFor();
  await page.keyboard.press('ArrowRight');
  await eventually(() => search().at).toBe('1');
  await page.goBack();
  await dialog.waitFor({ state: 'detached' });
  await eventually(search).toEqual({ since: first });
  // Closed by itself it leaves nothing behind that one would go back to.
  await tiles().first().click();
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await eventually(search).toEqual({ since: first });
  await page.goBack();
  await eventually(search).toEqual({});
});

it('tells what changed since another version: new, gone, another picture, and captions tag by tag', async () => {
  const { page, go, faults } = guest;
  await go(`/runs/${second}/dataset`);
  await page.getByRole('button', { name: 'What changed since' }).click();
  await page.getByRole('menuitem', { name: 'noob-wolf-v1s100' }).click();
  await page.getByText('Since noob-wolf-v1s100').waitFor();
  const kinds = page.getByRole('group', { name: 'Kind of change' });
  await eventually(() => kinds.locator('label').allTextContents()).toEqual([
    'changed 4',
    'new 1',
    'removed 1',
    'other picture 1',
    'caption 1',
    'all images',
  ]);
  await eventually(() => tiles().count()).toBe(4);
  await eventually(() => tiles().first().textContent()).toBe('captionwolf-00001.png+stars');
  await eventually(() => tiles().last().textContent()).toContain('removedwolf-00003.png');
  await eventually(() => tiles().locator('img').count()).toBe(4);
  // They begin where their list does, also where what stands above it grew meanwhile.
  const begins = () =>
    tiles()
      .first()
      .locator('span')
      .first()
      .evaluate((each) => each.getBoundingClientRect().y - (each.closest('ul')?.getBoundingClientRect().y ?? 0));
  await eventually(begins).toBe(0);
  await kinds.getByText('other picture').click();
  await eventually(() => tiles().count()).toBe(1);
  await tiles().first().click();
  const dialog = page.getByRole('dialog');
  await eventually(() => dialog.locator('figure').allTextContents()).toEqual(['noob-wolf-v1s100', 'this run']);
  const sources = () => dialog.locator('img').evaluateAll((all) => all.map((each) => each.getAttribute('src') ?? ''));
  const whose = (source: string) => [first, second].findIndex((id) => source.includes(id));
  await eventually(async () => (await sources()).map(whose)).toEqual([0, 1]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await eventually(search).toMatchObject({ since: first, change: 'changed' });
  expect(faults).toEqual([]);
});

it('says that it does not know what changed since a run whose files were not recorded', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}/dataset?since=${foreign}`);
  await page.getByText('The files of that run are not known, so neither is what changed.').first().waitFor();
  expect(await page.getByText('No image or caption changed').count()).toBe(0);
});

it('of an imported run tells what the model tells', async () => {
  const { page, go, faults } = guest;
  await go(`/runs/${foreign}/dataset`);
  await page.getByText('The files of this dataset are not known').waitFor();
  const told = page.getByRole('region', { name: 'What the model itself tells' });
  await told.getByRole('heading', { name: /2_kumo cat/ }).waitFor();
  await told.getByText('looking at viewer').waitFor();
  expect(faults).toEqual([]);
});
