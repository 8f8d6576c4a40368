/** The page in Chromium: ten thousand runs, long curves, many samples, ten minutes of a training. Each against its limit. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openHome } from '../src/store/home.ts';
import type { Benchmark, Comparison } from './harness.ts';
import { journals } from './journals.ts';
import { type LiveHeaps, liveHeaps } from './page-live.ts';
import { bareChart, plainPictures, plainTable, serveFiles } from './page-peer.ts';
import { type Frames, launch, painted, plain, scrolled, serveBuilt, timed, until } from './page-stage.ts';
import { curveOf, longCurves, manySamples } from './page-worlds.ts';

const runs = 10_000;
const curves = 100;
const points = 100_000;
const samples = { runs: 3, prompts: 8, steps: 60 };

const benchmark: Benchmark = async (directory) => [
  ...(await ofTheList(join(directory, 'list'))),
  ...(await ofCharts(join(directory, 'charts'))),
  ...(await ofSamples(join(directory, 'samples'))),
  ...(await ofMemory(join(directory, 'live'))),
];
export default benchmark;

const side = (run: () => Promise<number>) => ({ run });

async function ofTheList(home: string): Promise<Comparison[]> {
  await journals(home, runs);
  const [browser, served] = [await launch(), await serveBuilt(home)];
  const rows = Array.from({ length: runs }, (_, at) => [`noob-wolf-v${at}s1600`, 'succeeded', '0.09', '40 min']);
  const bare = await serveFiles({ '/': plainTable(rows) });
  const page = await served.visit(browser);
  const peer = await plain(browser);
  const choose = (at: Page) => at.getByRole('checkbox').nth(1).click();
  const open = (at: Page, address: string) =>
    timed(async () => {
      await at.goto(address, { waitUntil: 'commit' });
      await choose(at);
    });
  /** Until the first row is of this version. */
  const shown = (version: number) => until(page, `${firstRow} === 'noob-wolf-v${version}s1600'`);
  const answer = (address: string) =>
    page.evaluate(`fetch(${JSON.stringify(address)}).then((each) => each.json()).then(() => 0)`);
  const flat = async () => {
    await page.goto(`${served.origin}/?group=off`);
    await page.getByRole('checkbox').nth(1).waitFor();
  };
  let version = 1000;
  const frames = async (at: Page, address: string, who: string) => {
    await at.goto(address);
    await at.getByRole('checkbox').first().waitFor();
    const found = await scrolled(at, { by: 400, forMs: 8000 });
    tellFrames(who, found);
    return found.mean;
  };
  return [
    {
      name: 'open 10,000 runs until one is chosen',
      peerName: 'a plain HTML table of them',
      goal: 1,
      turns: 3,
      ours: side(() => open(page, `${served.origin}/`)),
      peer: side(() => open(peer, `${bare}/`)),
    },
    {
      name: 'type a query until its runs are there',
      peerName: 'its 250 ms of rest and the bare answer',
      goal: 2,
      turns: 3,
      ours: {
        prepare: flat,
        run: () =>
          timed(async () => {
            await page.getByRole('combobox').fill(`name:v${++version}s1600`);
            await shown(version);
          }),
      },
      peer: side(() =>
        timed(async () => {
          await page.waitForTimeout(250);
          await answer(`/api/runs?query=${encodeURIComponent(`name:v${++version}s1600`)}&limit=200`);
        }),
      ),
    },
    {
      name: 'sort the other way round until the first runs are there',
      peerName: 'the bar of 250 ms',
      goal: 1,
      turns: 3,
      ours: {
        prepare: flat,
        run: () =>
          timed(async () => {
            await page.getByRole('columnheader').getByRole('button', { name: 'When' }).click();
            await shown(0);
          }),
      },
      peer: side(async () => 250),
    },
    {
      name: 'a frame while the wheel scrolls by 400 pixels',
      peerName: 'a plain HTML table, scrolled alike',
      goal: null,
      turns: 2,
      ours: side(() => frames(page, `${served.origin}/?group=off`, 'the page')),
      peer: side(() => frames(peer, `${bare}/`, 'a plain table')),
    },
  ];
}

const firstRow = `document.querySelector('main [role=row] a[href^="/runs/"]')?.textContent`;

function tellFrames(who: string, { mean, late, long, count, pixels }: Frames): void {
  const [percentLate, percentLong] = [late, long].map((share) => `${(100 * share).toFixed(1)} %`);
  console.error(
    `  ${who}: ${(1000 / mean).toFixed(1)} frames a second over ${pixels} pixels, ${percentLate} of ${count} frames late, ${percentLong} above 50 ms`,
  );
}

async function ofCharts(directory: string): Promise<Comparison[]> {
  const home = await openHome(directory, 'den');
  const together = await longCurves(home, 1, { group: 'lr', curves, points });
  const apart = await longCurves(home, 2, { group: 'norm', curves, points });
  const [browser, served] = [await launch(), await serveBuilt(directory)];
  const values = Buffer.concat(Array.from({ length: curves }, (_, each) => Buffer.from(curveOf(each, points).buffer)));
  const bare = await serveFiles({
    '/': bareChart(curves, points),
    '/values': { type: 'application/octet-stream', bytes: values },
  });
  const page = await served.visit(browser);
  const peer = await plain(browser);
  const shown = (at: Page, address: string) =>
    timed(async () => {
      await at.goto(address, { waitUntil: 'commit' });
      await until(at, 'window.drawn > 0');
      await painted(at);
    });
  const draw = (id: string): Comparison => ({
    name: `draw ${curves} × ${points} points`,
    peerName: 'uPlot alone with all of them',
    goal: 2,
    turns: 2,
    ours: side(() => shown(page, `${served.origin}/runs/${id}?tab=charts`)),
    peer: side(() => shown(peer, `${bare}/`)),
  });
  const open = async (id: string) => {
    await page.goto(`${served.origin}/runs/${id}?tab=charts`);
    await until(page, 'window.drawn > 0');
    await page.waitForTimeout(1000);
  };
  const zoom = (id: string): Comparison => ({
    name: `zoom into them, with all points of the part`,
    peerName: 'the bar of 1 s',
    goal: 1,
    turns: 2,
    ours: { prepare: () => open(id), run: () => zoomed(page) },
    peer: side(async () => 1000),
  });
  return [
    draw(together),
    zoom(together),
    { ...draw(apart), name: `the same in ${curves} charts` },
    { ...zoom(apart), name: 'zoom into all of these' },
  ];
}

/** Drags over a part of the first chart: until it is drawn by the points that are asked for anew. */
async function zoomed(page: Page): Promise<number> {
  const box = await page.locator('.u-over').first().boundingBox();
  if (box === null) throw new Error('there is no chart');
  const before = await page.evaluate("performance.getEntriesByType('resource').length");
  await page.mouse.move(box.x + 200, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 220, box.y + 50, { steps: 3 });
  return timed(async () => {
    await page.mouse.up();
    await until(
      page,
      `(() => {
      const asked = performance.getEntriesByType('resource').slice(${before}).filter(({ name }) => name.includes('from='));
      return asked.length > 0 && asked.every(({ responseEnd }) => responseEnd > 0 && window.drawn > responseEnd);
    })()`,
    );
    await painted(page);
  });
}

async function ofSamples(directory: string): Promise<Comparison[]> {
  const home = await openHome(directory, 'den');
  const { ids, pictures } = await manySamples(home, samples);
  const [browser, served] = [await launch(), await serveBuilt(directory)];
  const page = await served.visit(browser);
  const peer = await plain(browser);
  const asked = encodeURIComponent(JSON.stringify(ids));
  const first = `${served.origin}/samples?run=${asked}&step=100`;
  const complete = (at: Page, within: string) =>
    until(
      at,
      `(() => {
      const all = [...document.querySelectorAll('${within} img')].filter((each) => each.getBoundingClientRect().top < innerHeight);
      return all.length > 8 && all.every((each) => each.complete && each.naturalWidth > 0);
    })()`,
    );
  const open = (at: Page, address: string, within: string) =>
    timed(async () => {
      await at.goto(address, { waitUntil: 'commit' });
      await complete(at, within);
      await painted(at);
    });
  await open(page, first, '[role=grid]');
  const inView = Number(await page.evaluate("document.querySelectorAll('[role=grid] img').length"));
  const files = pictures
    .slice(0, inView)
    .map((bytes, at) => [`/picture${at}.png`, { type: 'image/png', bytes }] as const);
  const bare = await serveFiles({ '/': plainPictures(inView), ...Object.fromEntries(files) });
  const twoFrames = 2000 / 60;
  return [
    {
      name: `open ${samples.prompts} prompts × ${samples.steps} steps × ${samples.runs} runs`,
      peerName: `plain HTML of the ${inView} that are in view`,
      goal: null,
      turns: 3,
      ours: side(() => open(page, first, '[role=grid]')),
      peer: side(() => open(peer, `${bare}/`, 'body')),
    },
    {
      name: 'one step further by an arrow key',
      peerName: 'two frames of 60 Hz',
      goal: 3,
      turns: 10,
      ours: {
        run: () =>
          timed(async () => {
            const before = String(await page.evaluate(chosenStep));
            await page.keyboard.press('ArrowRight');
            await until(page, `${chosenStep} !== ${JSON.stringify(before)}`);
            await painted(page);
          }),
      },
      peer: side(async () => twoFrames),
    },
  ];
}

const chosenStep = "document.querySelector('[role=grid] [aria-selected=true]')?.getAttribute('aria-colindex') ?? ''";

async function ofMemory(directory: string): Promise<Comparison[]> {
  const browser = await launch();
  const parts = ['overview', 'charts', 'log'];
  return parts.map((part): Comparison => {
    let found: Promise<LiveHeaps> | null = null;
    const heaps = () => {
      found ??= liveHeaps(browser, join(directory, part), part);
      return found;
    };
    return {
      name: `MB in use after ten minutes of training: ${part}`,
      peerName: 'after its first minute',
      goal: 1.15,
      turns: 1,
      ours: side(async () => (await heaps()).end / 1e6),
      peer: side(async () => (await heaps()).minute / 1e6),
    };
  });
}
