/** A browser and the built `spoor serve` for benchmarks, and what is measured in a page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Browser, chromium, type Page } from 'playwright-core';
import { command, spoor } from './commands.ts';

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });

export interface ServedHome {
  origin: string;
  /** A page that was let in. */
  visit(browser: Browser): Promise<Page>;
}

const servers: ChildProcess[] = [];
process.once('exit', () => {
  for (const each of servers) each.kill('SIGTERM');
});

/** The command line's own server of a home, as it is after `spoor reindex`. */
export async function serveBuilt(home: string): Promise<ServedHome> {
  const env = { ...process.env, SPOOR_HOME: home, HOME: home };
  command(spoor('reindex'), { env: { SPOOR_HOME: home, HOME: home } });
  const [program = '', ...args] = spoor('serve', '--json', '--port', '0');
  const server = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  servers.push(server);
  const [told] = (await once(server.stdout, 'data')) as [Buffer];
  const { origin, token } = JSON.parse(String(told)) as { origin: string; token: string };
  return { origin, visit: (browser) => visit(browser, origin, token) };
}

export async function visit(browser: Browser, origin: string, token: string): Promise<Page> {
  const headers = { authorization: `Bearer ${token}` };
  const link = (await (await fetch(`${origin}/api/session/link`, { method: 'POST', headers })).json()) as {
    url: string;
  };
  const page = await plain(browser);
  await page.goto(link.url);
  await page.getByRole('navigation').first().waitFor();
  return page;
}

/** A page of a window of 1280 × 800, which tells when anything was drawn on a canvas of it. */
export async function plain(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(`
    const stroke = CanvasRenderingContext2D.prototype.stroke;
    CanvasRenderingContext2D.prototype.stroke = function (...path) {
      window.drawn = performance.now();
      return stroke.apply(this, path);
    };`);
  return page;
}

/** Waits until an expression holds in the page, looked at before each frame. `waitForFunction` would need `eval`. */
export const until = (page: Page, holds: string): Promise<unknown> =>
  page.evaluate(
    `new Promise((resolve) => {
      const look = () => ((${holds}) ? resolve(0) : requestAnimationFrame(look));
      look();
    })`,
  );

/** Waits until what was drawn is seen. */
export const painted = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');

/** Milliseconds of work. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export interface Frames {
  /** Mean milliseconds from one frame to the next. */
  mean: number;
  /** Shares of those that took longer than a frame of 60 Hz, and than three. */
  late: number;
  long: number;
  count: number;
  /** Pixels that were scrolled over. */
  pixels: number;
}

/** Frames while a page is scrolled by the wheel, so many pixels each turn, until its end or for so long. */
export async function scrolled(page: Page, { by, forMs }: { by: number; forMs: number }): Promise<Frames> {
  await page.mouse.move(640, 500);
  await page.evaluate(`(() => {
    const times = [];
    window.frames_ = times;
    window.scrolling = true;
    const next = (now) => {
      times.push(now);
      if (window.scrolling) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })()`);
  const begun = performance.now();
  for (let last = -1; performance.now() - begun < forMs; ) {
    await page.mouse.wheel(0, by);
    const [at, end] = (await page.evaluate('[scrollY, document.documentElement.scrollHeight - innerHeight]')) as [
      number,
      number,
    ];
    if (at === last && at >= end - 1) break;
    last = at;
  }
  const [times, pixels] = (await page.evaluate('(window.scrolling = false, [window.frames_, scrollY])')) as [
    number[],
    number,
  ];
  const each = times.slice(1).map((time, at) => time - (times[at] as number));
  const share = (over: number) => each.filter((ms) => ms > over).length / each.length;
  const mean = each.reduce((sum, ms) => sum + ms, 0) / each.length;
  // Frames are told in steps of a tenth of a millisecond.
  return { mean, late: share(1000 / 60 + 0.5), long: share(50), count: each.length, pixels };
}

/** Bytes of the page's JavaScript that are in use, after what is not was collected. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  for (let turn = 0; turn < 3; turn++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
}
