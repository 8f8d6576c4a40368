/** The page in a real Chromium, served by the built command line. */
import { execa } from 'execa';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { expect } from 'vitest';
import { tokenFragment } from '../../src/api/index.ts';
import { spoorBin } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

export interface Served {
  origin: string;
  /** For programs. */
  token: string;
  /** A new address that lets one browser in. */
  link(): Promise<string>;
  stop(): Promise<void>;
  /** As a crash ends it: nobody is told. */
  kill?(): Promise<void>;
}

/** `spoor serve` on a free port. */
export async function serve(world: World, ...args: string[]): Promise<Served> {
  const child = execa(process.execPath, [spoorBin, 'serve', '--json', '--port', '0', ...args], {
    cwd: world.root,
    env: world.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  const first = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk)));
    void child.then(({ stderr }) => reject(new Error(`spoor serve ended: ${stderr}`)));
  });
  const { origin, token } = JSON.parse(first) as { origin: string; token: string };
  return {
    origin,
    token,
    async link() {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${origin}/api/session/link`, { method: 'POST', headers });
      return ((await response.json()) as { url: string }).url;
    },
    async stop() {
      child.kill('SIGTERM');
      await child;
    },
    async kill() {
      child.kill('SIGKILL');
      await child;
    },
  };
}

/** A world that is served, and a browser to see it in; disposing of it ends both and removes the world. */
export interface Open extends AsyncDisposable {
  world: World;
  served: Served;
  browser: Browser;
}

export async function open(world: World): Promise<Open> {
  const [served, browser] = await Promise.all([serve(world), launchBrowser()]);
  return {
    world,
    served,
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await served.stop();
      world.remove();
    },
  };
}

/** Asks until it holds: what a page shows comes when it comes. */
export const eventually = <T>(ask: () => T) => expect.poll(ask, { timeout: 15_000 });

/** @param env added to what the process has */
export function launchBrowser(env: Record<string, string> = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    env: { ...process.env, ...env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page that was let in, and what it did that no page should. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Errors of the console, uncaught ones, answers of 400 and more, requests that left the machine. */
  faults: string[];
  /** Goes to an address of the page and waits until it has nothing more to load. */
  go(path: string): Promise<void>;
  /** Waits until all that was asked for has come, but for the stream of events, which never ends. */
  rest(): Promise<void>;
}

type ContextOptions = NonNullable<Parameters<Browser['newContext']>[0]>;

/** One who is let in and sees the first page. */
export async function visit(browser: Browser, served: Served, options: ContextOptions = {}): Promise<Visit> {
  const guest = await newcomer(browser, served, options);
  await guest.page.goto(await served.link());
  await guest.page.getByRole('navigation').first().waitFor();
  return guest;
}

/** One who is let in and has seen no page yet, for whom to `go` somewhere is the first. */
export async function enter(browser: Browser, served: Served, options: ContextOptions = {}): Promise<Visit> {
  const guest = await newcomer(browser, served, options);
  const [, token] = (await served.link()).split(`#${tokenFragment}`);
  const answer = await guest.context.request.post(`${served.origin}/api/session`, {
    data: { token },
    headers: { origin: served.origin },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  return guest;
}

async function newcomer(browser: Browser, served: Served, options: ContextOptions): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== served.origin) faults.push(`left: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  const awaited = new Set<Request>();
  page.on('request', (request) => {
    if (!request.url().includes('/api/events')) awaited.add(request);
  });
  page.on('requestfinished', (request) => awaited.delete(request));
  page.on('requestfailed', (request) => awaited.delete(request));
  return {
    page,
    context,
    faults,
    async rest() {
      // What comes may ask for more, within a drawing.
      for (let still = 0; still < 5; still = awaited.size === 0 ? still + 1 : 0) await page.waitForTimeout(100);
    },
    async go(path) {
      await page.goto(served.origin + path);
      await page.locator('main h1').waitFor();
      await page.locator('main div[class*=animate-pulse][aria-hidden]').first().waitFor({ state: 'detached' });
    },
  };
}
