/** `spoor serve` over a home of 10,000 runs: what a page waits for, against the same HTTP without Spoor behind it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { makeClient } from '../src/api/client.ts';
import { defaultSettings } from '../src/model/settings.ts';
import { serve } from '../src/server/server.ts';
import { noSettings } from '../src/server/testing/served-home.ts';
import { openHome } from '../src/store/home.ts';
import { annotate } from '../src/tracker/annotate.ts';
import { command, spoor } from './commands.ts';
import type { Benchmark, Comparison } from './harness.ts';
import { journals } from './journals.ts';

const benchmark: Benchmark = async (directory) => {
  await journals(directory, 10_000);
  command(spoor('reindex'), { env: { SPOOR_HOME: directory } });
  const home = await openHome(directory, 'den');
  const env = { PATH: process.env.PATH };
  const recording = { home, host: 'den', env, now: () => new Date(), version: '0', settings: defaultSettings };
  const started = performance.now();
  const served = await serve({
    recording,
    userHome: tmpdir(),
    cwd: tmpdir(),
    host: '127.0.0.1',
    port: 0,
    openToNetwork: false,
    webDirectory: '/nowhere',
    examine: async () => [],
    settings: noSettings,
    settle: async () => {},
    tell: console.error,
  });
  await served.follow();
  const ask = makeClient({ origin: served.origin, token: served.token });
  const page = await ask('listRuns', {});
  console.error(`serving and first page: ${(performance.now() - started).toFixed(0)} ms`);
  const text = JSON.stringify(page);
  const bare = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    // Parsed and written anew, as any server of JSON would.
    response.end(JSON.stringify(JSON.parse(text)));
  });
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
  const peer = { run: async () => void (await (await fetch(address)).json()) };
  const answer = (name: string, goal: number, run: () => Promise<unknown>): Comparison => ({
    name,
    peerName: 'node:http, the same bytes of JSON',
    goal,
    turns: 15,
    ours: { run: async () => void (await run()) },
    peer,
  });
  const [latest] = page.runs;
  let next = page.next as string;
  return [
    answer('GET /api/runs, first page of 10,000', 5, () => ask('listRuns', {})),
    answer('GET /api/runs, next page', 5, async () => {
      next = (await ask('listRuns', { after: next })).next as string;
    }),
    answer("first page of 'lr>1e-4 status:failed', never asked before", 40, async () => {
      await ask('listRuns', { query: `lr>${1e-4 + Math.random() * 1e-9} status:failed` });
    }),
    answer('first page after a run changed', 60, async () => {
      await annotate(home, latest!.id, { type: 'tags', add: [`t${Math.random()}`], remove: [] });
      await ask('listRuns', {});
    }),
    {
      ...answer('all families', 60, () => ask('listFamilies', {})),
    },
  ];
};
export default benchmark;
