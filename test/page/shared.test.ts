import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { launchBrowser, type Served, type Visit, visit } from './browser.ts';
import { serveFiles } from './static-server.ts';

let world: World;
let browser: Browser;
let ids: [string, string];

beforeAll(async () => {
  world = makeWorld();
  // As generators write them: with what was asked for beside the pixels.
  const picture = await sharp({ create: { width: 96, height: 64, channels: 3, background: '#46628c' } })
    .withExif({ IFD0: { ImageDescription: 'parameters of a generator' } })
    .png()
    .toBuffer();
  const env = { T_SAMPLE: world.write(join(world.root, 'picture.png'), picture) };
  const first = await recorded(world, training(world), {
    env,
    args: ['--name', 'noob-wolf-v1s6', '--reason', 'first try'],
  });
  world.write(`${world.dataset}/2_grey wolf/one.txt`, 'a wolf, under the northern lights');
  const second = await recorded(
    world,
    training(world, '--unet_lr', '4e-4', '--output_name', 'b', '--output_dir', `${world.root}/out-b`),
    { env, args: ['--name', 'noob-wolf-v2s6'] },
  );
  const secret = await recorded(world, ['sh', '-c', 'echo one; echo a secret run'], {
    args: ['--name', 'hidden-run-v1s6'],
  });
  expect(secret.exitCode).toBe(0);
  ids = [first.run.id, second.run.id];
  await spoor(world, ['verdict', 'noob-wolf-v1s6', 'mixed', '--why', 'the nights are flat']);
  await spoor(world, ['note', 'noob-wolf-v2s6', 'brighter, at last']);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  world?.remove();
});

/** Every file of a directory, as text of one byte a character. */
function bytesBelow(directory: string): Map<string, string> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(directory.length + 1), readFileSync(path, 'latin1')];
    }),
  );
}

/** The files that hold a text. */
function holding(directory: string, text: string): string[] {
  return [...bytesBelow(directory)].filter(([, bytes]) => bytes.includes(text)).map(([name]) => name);
}

/** A page for files of a disk, with what went wrong in it or left the disk. */
async function opened(): Promise<Pick<Visit, 'page' | 'faults'>> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!/^(?:file|data|blob):/.test(request.url())) faults.push(`left: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left has no need of what it asked for.
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') faults.push(`${why}: ${request.url()}`);
  });
  return { page, faults };
}

const share = (directory: string, runs: readonly string[], ...options: string[]) =>
  spoor(world, ['share', ...runs, '--html', join(world.root, directory), ...options]);

describe('a shared site', () => {
  let site: string;
  let served: Served;
  let guest: Visit;
  let fromDisk: Pick<Visit, 'page' | 'faults'>;

  beforeAll(async () => {
    site = join(world.root, 'site');
    const { exitCode, stderr } = await share('site', ['noob-wolf-v1s6', 'noob-wolf-v2s6']);
    expect(exitCode, String(stderr)).toBe(0);
    served = await serveFiles(site, '/pages/wolf/');
    guest = await visit(browser, served);
    fromDisk = await opened();
  });
  afterAll(async () => {
    await guest?.context.close();
    await fromDisk?.page.close();
    await served?.stop();
  });

  const at = async (path: string) => {
    await guest.page.goto(`${served.origin}/pages/wolf/#${path}`);
    await guest.page.reload();
    await guest.page.locator('main h1').waitFor();
    await guest.page.locator('main [class*=animate-pulse][aria-hidden]').first().waitFor({ state: 'detached' });
  };
  const both = () => encodeURIComponent(JSON.stringify(ids));

  test('lists the runs, and offers nothing that needs a server', async () => {
    await at('/');
    const { page } = guest;
    await page.getByRole('link', { name: 'noob-wolf-v2s6' }).first().waitFor();
    await page.getByRole('link', { name: 'noob-wolf-v1s6' }).first().waitFor();
    const places = await page.getByRole('navigation').first().getByRole('link').allTextContents();
    expect(places).toEqual(['Runs', 'Families', 'Compare']);
    expect(guest.faults).toEqual([]);
  });

  test.each([
    ['overview', 'the nights are flat'],
    ['log', 'steps'],
    ['inputs', 'learning_rate'],
    ['checkpoints', '.safetensors'],
    ['journal', 'run.created'],
  ])('shows of a run its %s', async (tab, text) => {
    await at(`/runs/${ids[0]}?tab=${tab}`);
    await guest.page.locator('main').getByText(text).first().waitFor();
    expect(guest.faults).toEqual([]);
  });

  test('draws the curves of a run', async () => {
    await at(`/runs/${ids[1]}?tab=charts`);
    await guest.page.locator('main canvas').first().waitFor();
    expect(guest.faults).toEqual([]);
  });

  test('shows samples of both runs as pictures', async () => {
    await at(`/samples?run=${both()}`);
    const picture = guest.page.locator('main img').first();
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBeGreaterThan(0);
    expect(guest.faults).toEqual([]);
  });

  test('compares the runs', async () => {
    await at(`/compare?run=${both()}`);
    await guest.page.locator('main').getByText('unet_lr').first().waitFor();
    expect(guest.faults).toEqual([]);
  });

  test('holds nothing of other runs, no path of the home, no name of the machine, no secret way out', async () => {
    expect(holding(site, 'hidden-run')).toEqual([]);
    expect(holding(site, 'parameters of a generator')).toEqual([]);
    expect(holding(site, world.env.HOME as string)).toEqual([]);
    const page = readFileSync(join(site, 'index.html'), 'utf8');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(?:src|href)="\//);
  });

  test.each([
    ['/', 'noob-wolf-v2s6'],
    ['/families', 'noob-wolf'],
    ['/families/noob-wolf', 'first try'],
    ['/runs/ID', 'the nights are flat'],
    ['/runs/ID?tab=charts', 'loss'],
    ['/runs/ID?tab=samples', 'a grey wolf'],
    ['/runs/ID?tab=log', 'steps'],
    ['/runs/ID?tab=inputs', 'learning_rate'],
    ['/runs/ID?tab=checkpoints', '.safetensors'],
    ['/runs/ID?tab=journal', 'run.created'],
    ['/compare?run=BOTH', 'unet_lr'],
    ['/samples?run=BOTH', 'a grey wolf'],
  ])('opened from the disk %s shows the same', async (path, text) => {
    const { page, faults } = fromDisk;
    const asked = path.replace('ID', ids[0]).replace('BOTH', both());
    await page.goto(`file://${site}/index.html#${asked}`);
    await page.reload();
    await page.locator('main h1').waitFor();
    await page.locator('main').getByText(text).first().waitFor();
    if (path.includes('samples')) {
      const picture = page.locator('main img').first();
      await expect
        .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
        .toBeGreaterThan(0);
    }
    if (path.includes('charts')) await page.locator('main canvas').first().waitFor();
    expect(faults).toEqual([]);
  });
});

describe('what is left out', () => {
  test('is nowhere in the site', async () => {
    const prompts = readFileSync(world.prompts, 'utf8');
    const [prompt = ''] = prompts.split('\n').flatMap((line) => line.split(/\s--/).slice(0, 1));
    const whole = join(world.root, 'whole');
    const bare = join(world.root, 'bare');
    expect((await share('whole', ids)).exitCode).toBe(0);
    const { exitCode, stderr } = await share('bare', ids, '--without', 'samples,prompts,captions,log');
    expect(exitCode, String(stderr)).toBe(0);
    for (const text of [prompt, 'northern lights']) {
      expect(holding(whole, text).length, text).toBeGreaterThan(0);
      expect(holding(bare, text), text).toEqual([]);
    }
    const pictures = (directory: string) => [...bytesBelow(directory).keys()].filter((name) => name.endsWith('.webp'));
    expect(pictures(whole).length).toBeGreaterThan(0);
    expect(pictures(bare)).toEqual([]);
    expect([...bytesBelow(bare).keys()].filter((name) => /\/log\./.test(name))).toEqual([]);
  });
});

describe('refusals', () => {
  const token = `hf_${'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2dF4g'}`;

  test('a secret in the log is named with its place and the remedy, and nothing is written', async () => {
    const script = world.write(
      join(world.root, 'leak.sh'),
      `echo begin\necho "login with ${token.slice(0, 9)}""${token.slice(9)}"\n`,
    );
    await recorded(world, ['sh', script], { args: ['--name', 'leaky-v1s6'] });
    const { exitCode, stderr } = await share('leak', ['leaky-v1s6']);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('the log of leaky-v1s6, line 2 (huggingface-token)');
    expect(stderr).toContain('--without log');
    expect(stderr).not.toContain(token);
    expect(existsSync(join(world.root, 'leak'))).toBe(false);
    expect(readdirSync(world.root).filter((name) => name.startsWith('.spoor-share'))).toEqual([]);
    expect((await share('leak', ['leaky-v1s6'], '--without', 'log')).exitCode).toBe(0);
    expect(holding(join(world.root, 'leak'), token)).toEqual([]);
  });

  test('a secret in a note, and one in the code of a run', async () => {
    await spoor(world, ['note', 'leaky-v1s6', `the key was ${token}`]);
    const { exitCode, stderr } = await share('noted', ['leaky-v1s6'], '--without', 'log');
    expect([exitCode, String(stderr).includes('the record of leaky-v1s6')]).toEqual([78, true]);

    world.write(join(world.trainer, 'upload.py'), `token = "${token}"\n`);
    await recorded(world, training(world), { args: ['--name', 'coded-v1s6'] });
    const refused = await share('coded', ['coded-v1s6']);
    expect(refused.exitCode).toBe(78);
    expect(refused.stderr).toMatch(/the code of coded-v1s6: .*upload\.py \(huggingface-token\)/);
    expect((await share('coded', ['coded-v1s6'], '--without', 'code')).exitCode).toBe(0);
    expect(holding(join(world.root, 'coded'), token)).toEqual([]);
  });

  test('a directory that is not empty is left as it is', async () => {
    world.write(join(world.root, 'mine/page.html'), 'mine');
    const { exitCode, stderr } = await share('mine', ids);
    expect([exitCode, String(stderr).includes('is not empty')]).toEqual([73, true]);
    expect(readdirSync(join(world.root, 'mine'))).toEqual(['page.html']);
  });

  test('a part that there is not is named', async () => {
    const { exitCode, stderr } = await share('nothing', ids, '--without', 'sample');
    expect([exitCode, String(stderr).includes('samples, prompts')]).toEqual([64, true]);
  });
});
