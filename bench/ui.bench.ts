/** `spoor ui` over a home of 10,000 runs: from its start until the list can be used, in Chromium. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Browser, chromium } from 'playwright-core';
import { command, spoor } from './commands.ts';
import type { Benchmark, Comparison } from './harness.ts';
import { journals } from './journals.ts';

const benchmark: Benchmark = async (directory) => {
  await journals(directory, 10_000);
  const env = { SPOOR_HOME: directory, HOME: directory };
  command(spoor('reindex'), { env });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const comparison = (name: string, from: keyof Taken, turns = 7): Comparison => ({
    name,
    peerName: 'the bar of 1 s',
    goal: 1,
    turns,
    ours: { run: async () => (await opened(browser, env))[from] },
    peer: { run: () => 1000 },
  });
  return [
    comparison('from "it serves" to a list that answers', 'sinceServed'),
    comparison('from the start of spoor ui to the same', 'sinceStart'),
  ];
};
export default benchmark;

/** Milliseconds until a run of the list is shown and was chosen. */
interface Taken {
  sinceStart: number;
  sinceServed: number;
}

async function opened(browser: Browser, env: Record<string, string>): Promise<Taken> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const [program = '', ...args] = spoor('ui', '--no-open', '--port', '0');
  const started = performance.now();
  const server = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [address] = (await once(server.stdout, 'data')) as [Buffer];
    const served = performance.now();
    await page.goto(String(address).trim(), { waitUntil: 'commit' });
    await page.getByRole('checkbox').nth(1).click();
    await page.getByRole('toolbar').waitFor();
    const now = performance.now();
    return { sinceStart: now - started, sinceServed: now - served };
  } finally {
    await context.close();
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}
