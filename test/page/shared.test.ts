import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { noViolations, violationsByTheme } from './axe.ts';
import { eventually, launchBrowser, type Served, type Visit, visit } from './browser.ts';
import { serveFiles } from './static-server.ts';

/** Says what it did where it is run. */
const hostile =
  '</script><script>console.error("run")</script><img src=x onerror="console.error(1)">"); console.error(2) //\u2028`';

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
  await spoor(world, ['note', 'noob-wolf-v2s6', hostile]);
  await spoor(world, ['note', 'noob-wolf-v2s6', 'thought better of']);
  await spoor(world, ['note', 'noob-wolf-v2s6', '--edit', 'last', 'withdrawn in the end']);
  await spoor(world, ['note', 'noob-wolf-v2s6', '--withdraw', 'last']);
  await spoor(world, ['note', 'noob-wolf-v1s6', 'a clumsy word']);
  await spoor(world, ['note', 'noob-wolf-v1s6', '--edit', 'last', 'said with care']);
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

const json = (text: string) => JSON.stringify(text).slice(1, -1);

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
    if (!/^(?:about|file|data|blob):/.test(request.url())) faults.push(`left: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left has no need of what it asked for.
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') faults.push(`${why}: ${request.url()}`);
  });
  return { page, faults };
}

/** As by one who was handed the address: another hash alone would load nothing. */
async function afresh(page: Page, address: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(address);
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

  test('finds runs by words and by what it says it knows, and says what it does not', async () => {
    const { page } = guest;
    await page.goto(`${served.origin}/pages/wolf/#/`);
    const names = () =>
      page
        .locator('main')
        .getByRole('link', { name: /^noob-wolf-v\ds6$/ })
        .allTextContents();
    await eventually(async () => (await names()).length).toBe(2);
    const field = page.getByRole('combobox', { name: 'Find runs' });
    expect(await field.getAttribute('placeholder')).toBe('status:failed verdict:worked tag:good words');
    await field.fill('v2s6 status:succeeded');
    await eventually(names).toEqual(['noob-wolf-v2s6']);
    await field.fill('-v2s6');
    await eventually(names).toEqual(['noob-wolf-v1s6']);
    await field.fill('-v2s6 lr>1e-4');
    await page.getByRole('alert').getByText('in "lr>1e-4": shared pages find words').waitFor();
    expect(await names()).toEqual(['noob-wolf-v1s6']);
  });

  const at = async (path: string) => {
    await afresh(guest.page, `${served.origin}/pages/wolf/#${path}`);
    await guest.page.locator('main h1').waitFor();
    await guest.page.locator('main [class*=animate-pulse][aria-hidden]').first().waitFor({ state: 'detached' });
  };
  const guestOf = () => ({ page: guest.page, faults: guest.faults, open: at });
  const diskOf = () => ({
    ...fromDisk,
    open: async (path: string) => {
      await afresh(fromDisk.page, `file://${site}/index.html#${path}`);
    },
  });
  const both = () => encodeURIComponent(JSON.stringify(ids));

  test('lists the runs, and offers nothing that needs a server', async () => {
    await at('/');
    const { page } = guest;
    await page.getByRole('link', { name: 'noob-wolf-v2s6' }).first().waitFor();
    await page.getByRole('link', { name: 'noob-wolf-v1s6' }).first().waitFor();
    const places = page.getByRole('navigation').first().getByRole('link');
    await eventually(() => places.allTextContents()).toEqual(['Runs', 'Families', 'Compare']);
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

  test('shows of a note what it says now, and has nowhere what it said before or what was withdrawn', async () => {
    await at(`/runs/${ids[0]}?tab=notes`);
    await guest.page.locator('main').getByText('said with care').waitFor();
    await at(`/runs/${ids[0]}?tab=journal`);
    await guest.page.locator('main').getByText('said with care').waitFor();
    expect(
      ['said with care', 'a clumsy word', 'thought better of', 'withdrawn in the end'].map(
        (text) => holding(site, text).length > 0,
      ),
    ).toEqual([true, false, false, false]);
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

  test('shows what is hostile as text', async () => {
    for (const { page, faults, open } of [guestOf(), diskOf()]) {
      await open(`/runs/${ids[1]}?tab=notes`);
      await page.locator('main').getByText('console.error(2)').first().waitFor();
      expect(faults).toEqual([]);
    }
  });

  test('has no violation of accessibility, in light and in dark', async () => {
    for (const path of ['/', `/runs/${ids[1]}`, `/runs/${ids[1]}?tab=notes`, `/compare?run=${both()}`]) {
      await at(path);
      expect([path, await violationsByTheme(guest.page)]).toEqual([path, noViolations]);
    }
  }, 180_000);

  test('leads nowhere that is not there', async () => {
    for (const path of ['/settings', '/storage', '/files']) {
      await afresh(guest.page, `${served.origin}/pages/wolf/#${path}`);
      await guest.page.getByText('There is no track here').waitFor();
    }
    await afresh(guest.page, `${served.origin}/pages/wolf/#/runs/01KTEST0000000000000000000`);
    await guest.page.getByText('this run is not part of the shared pages').waitFor();
    expect(guest.faults).toEqual([]);
  });

  test.each([
    '/',
    '/families/noob-wolf',
    '/runs/ID',
    '/runs/ID?tab=notes',
    '/runs/ID?tab=checkpoints',
    '/compare?run=BOTH',
    '/samples?run=BOTH',
  ])(
    'offers on %s no button that a server would have to answer',
    async (path) => {
      const { page } = guest;
      const open = () => at(path.replace('ID', ids[0]).replace('BOTH', both()));
      await open();
      const where = page.url();
      const buttons = page.locator('button:visible:enabled');
      const count = await buttons.count();
      expect(count).toBeGreaterThan(1);
      for (let index = 0; index < count; index++) {
        // What a button before it has taken away, or covered.
        await buttons
          .nth(index)
          .click({ timeout: 1000 })
          .catch(() => {});
        await page.keyboard.press('Escape');
        await expect(page.getByText('nothing can be changed here').count()).resolves.toBe(0);
        if (page.url() !== where) await open();
      }
      expect(guest.faults).toEqual([]);
    },
    120_000,
  );

  test('keeps how it looks in the browser, and asks nobody to', async () => {
    const own = await visit(browser, served);
    const { page, faults } = own;
    const writes: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') writes.push(request.url());
    });
    try {
      await page.locator('main h1').waitFor();
      for (const name of ['Dark', 'Magyar']) {
        await page.locator('header').first().locator('button').last().click();
        await page.getByRole('menuitemradio', { name }).click();
      }
      await page.locator('main h1').getByText('Futások').waitFor();
      await page.reload();
      await page.locator('main h1').getByText('Futások').waitFor();
      await eventually(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
      expect([faults, writes]).toEqual([[], []]);
    } finally {
      await own.context.close();
    }
  });

  test('works in each language and theme', async () => {
    await at('/');
    const { page } = guest;
    for (const [language, runs] of [
      ['Magyar', 'Futások'],
      ['日本語', '実行'],
      ['English', 'Runs'],
    ] as const) {
      await page.locator('header').first().locator('button').last().click();
      await page.getByRole('menuitemradio', { name: language }).click();
      await page.locator('main h1').getByText(runs).waitFor();
      await page.keyboard.press('Escape');
    }
    expect(guest.faults).toEqual([]);
  });

  test('holds nothing of other runs, no path of the home, no name of the machine or of its boot', async () => {
    const { stdout } = await spoor(world, ['show', ids[0], '--json']);
    const { host } = JSON.parse(stdout) as { host: string };
    const record = holding(world.spoorHome, `"host":${JSON.stringify(host)}`);
    expect(record.length).toBeGreaterThan(0);
    expect(holding(site, json(json(`"host":${JSON.stringify(host)}`)))).toEqual([]);
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    expect(holding(world.spoorHome, boot).length).toBeGreaterThan(0);
    for (const text of ['hidden-run', 'parameters of a generator', world.env.HOME as string, boot])
      expect([text, holding(site, text)]).toEqual([text, []]);
  });

  test('lets nothing out, and asks only for what lies beside it', () => {
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
    await afresh(page, `file://${site}/index.html#${asked}`);
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

describe('a site of one run of a family', () => {
  test('names no other, and every link in it leads somewhere', async () => {
    const directory = join(world.root, 'one');
    expect((await share('one', [ids[1]], '--without', 'prompts')).exitCode).toBe(0);
    expect(holding(directory, 'noob-wolf-v1s6')).toEqual([]);
    const { page, faults } = await opened();
    const left = ['#/'];
    const seen = new Set<string>();
    for (let hash = left.pop(); hash !== undefined; hash = left.pop()) {
      if (seen.has(hash)) continue;
      seen.add(hash);
      await afresh(page, `file://${directory}/index.html${hash}`);
      await page.locator('main h1').waitFor();
      await page.locator('main [class*=animate-pulse][aria-hidden]').first().waitFor({ state: 'detached' });
      expect([hash, await page.getByText('not part of the shared pages').count()]).toEqual([hash, 0]);
      const found = await page.locator('a[href*="#/"]').evaluateAll((all) => all.map((each) => String(each)));
      left.push(...found.map((address) => new URL(address).hash));
    }
    expect(seen.size).toBeGreaterThan(10);
    expect(faults).toEqual([]);
    await page.close();
  }, 180_000);
});

describe('what is put in only where it is asked for', () => {
  test('is samples in full size and pictures of the dataset, of pixels alone', async () => {
    const large = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#a46a3c' } })
      .withExif({ IFD0: { ImageDescription: 'parameters of a generator' } })
      .png()
      .toBuffer();
    const made = await recorded(world, training(world, '--output_name', 'c', '--output_dir', `${world.root}/out-c`), {
      env: { T_SAMPLE: world.write(join(world.root, 'large.png'), large) },
      args: ['--name', 'noob-bear-v1s6'],
    });
    const { id } = made.run;
    const directory = join(world.root, 'rich');
    const { exitCode, stderr } = await share('rich', [id], '--with', 'full-size,dataset', '--without', 'prompts');
    expect(exitCode, String(stderr)).toBe(0);
    expect(holding(directory, 'parameters of a generator')).toEqual([]);
    const names = [...bytesBelow(directory).keys()];
    const [whole] = names.filter((name) => name.endsWith('-full.webp'));
    expect(await sharp(join(directory, whole as string)).metadata()).toMatchObject({ width: 900, height: 600 });
    expect(names.filter((name) => name.includes('/dataset/')).length).toBe(3);

    const { page, faults } = await opened();
    await page.goto(`file://${directory}/index.html#/runs/${id}/dataset`);
    const picture = page.locator('main img').first();
    await picture.waitFor();
    const width = () => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
    await expect.poll(width).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await page.close();
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

  test('a secret in a caption is named with the part to leave out, and one in a prompt was never kept', async () => {
    world.write(join(world.dataset, '2_grey wolf/two.txt'), `a wolf, ${token}`);
    world.write(world.prompts, `a grey wolf ${token} --w 64 --h 64 --d 42\n`);
    await recorded(world, training(world, '--output_name', 'd', '--output_dir', `${world.root}/out-d`), {
      args: ['--name', 'told-v1s6'],
    });
    const { exitCode, stderr } = await share('told', ['told-v1s6'], '--without', 'code');
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/the captions of told-v1s6 .*\(huggingface-token\)/);
    expect(stderr).not.toContain(token);
    expect(stderr).toContain('--without captions');
    // What Spoor keeps of prompts has no secrets in it.
    expect((await share('told', ['told-v1s6'], '--without', 'code,captions')).exitCode).toBe(0);
    expect(holding(join(world.root, 'told'), token)).toEqual([]);
    expect((await share('told-all', ['told-v1s6'], '--without', 'code', '--with-secrets')).exitCode).toBe(0);
    expect(holding(join(world.root, 'told-all'), token).length).toBeGreaterThan(0);
  });

  test('a secret among arguments, in the environment or the configuration never gets that far', async () => {
    world.write(world.config, `${readFileSync(world.config, 'utf8')}\nhuggingface_token = "${token}"\n`);
    await recorded(
      world,
      [...training(world, '--wandb_api_key', token), '--output_name', 'e', '--output_dir', `${world.root}/out-e`],
      {
        args: ['--name', 'keyed-v1s6'],
        env: { HF_TOKEN: token },
      },
    );
    const { exitCode, stderr } = await share('keyed', ['keyed-v1s6'], '--without', 'code,captions,prompts');
    expect(exitCode, String(stderr)).toBe(0);
    expect(holding(join(world.root, 'keyed'), token)).toEqual([]);
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
