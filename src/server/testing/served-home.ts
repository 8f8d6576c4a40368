/** A home with one run of everything, served on a port of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, makeClient } from '../../api/client.ts';
import type { Artifact, Told } from '../../model/facts.ts';
import { makeRunId, type RunId } from '../../model/run-id.ts';
import { defaultSettings } from '../../model/settings.ts';
import { type Home, openHome } from '../../store/home.ts';
import { MetricsWriter } from '../../store/metrics/metrics-writer.ts';
import type { Recording } from '../../tracker/request.ts';
import type { SettingsFile, SettingsPort } from '../context.ts';
import { type Served, type ServeOptions, serve } from '../server.ts';

const host = 'lair';
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export interface TestServer extends AsyncDisposable {
  directory: string;
  home: Home;
  served: Served;
  ask: Client;
  /** As it comes over the wire, whatever headers are sent. */
  send(method: string, path: string, headers?: Record<string, string>, body?: string | Uint8Array): Promise<Sent>;
}

export interface Sent {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  json(): { error?: { code: string; message: string } } & Record<string, unknown>;
}

export function testId(hour: number): RunId {
  return makeRunId(Date.UTC(2026, 4, 1, hour), new Uint8Array(10));
}

/** @param fill what stands in the home before it is served */
export async function serveHome(
  fill: (home: Home, directory: string) => Promise<void> = async () => {},
  more: Partial<ServeOptions> = {},
): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-serve-'));
  const home = await openHome(join(directory, 'home'), host);
  await fill(home, directory);
  const served = await serve({ ...options(home, directory), ...more });
  await served.follow();
  const { port } = served;
  return {
    directory,
    home,
    served,
    ask: makeClient({ origin: served.origin, token: served.token }),
    send: (method, path, headers = {}, body = '') =>
      new Promise((resolve, reject) => {
        const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const all = Buffer.concat(chunks);
            const status = response.statusCode ?? 0;
            resolve({ status, headers: response.headers, body: all, json: () => JSON.parse(all.toString()) });
          });
          response.on('error', reject);
        });
        request.on('error', reject);
        request.end(body);
      }),
    async [Symbol.asyncDispose]() {
      await served.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const settingsFile: SettingsFile = {
  ...{ file: '/nowhere', exists: false, revision: '0', editable: true },
  ...{ settings: [], receivers: [], events: [], faults: [] },
};

/** Has nothing, and takes everything. */
export const noSettings: SettingsPort = {
  read: async () => settingsFile,
  write: async () => ({ saved: true, faults: [], file: settingsFile }),
  test: async () => ({ outcome: 'sent', detail: 'status 200', milliseconds: 1 }),
};

export function options(home: Home, directory: string): ServeOptions {
  const env = { PATH: process.env.PATH };
  const now = () => new Date();
  const recording: Recording = { home, host, env, now, version: '0.0.0', settings: defaultSettings };
  return {
    recording,
    userHome: directory,
    cwd: directory,
    host: '127.0.0.1',
    port: 0,
    openToNetwork: false,
    webDirectory: join(directory, 'web'),
    examine: async () => [],
    settings: noSettings,
    settle: async () => {},
    tell: (error) => console.error(error),
  };
}

export function created(id: RunId, full: string, more: Partial<Extract<Told, { type: 'run.created' }>> = {}): Told {
  return {
    type: 'run.created',
    id,
    name: { full, model: 'noob', dataset: 'wolf', version: '1', steps: null },
    command: ['python', 'train.py'],
    commandSha256: null,
    cwd: '/training',
    outputDir: '/out',
    outputDirExisted: false,
    trainer: 'sd-scripts',
    reason: null,
    tags: [],
    parent: null,
    spoor: '0.1.0',
    mode: 'attached',
    ...more,
  };
}

export function ended(status: 'succeeded' | 'failed' = 'succeeded', loss = 0.1): Told {
  const progress = { step: 100, total: 100, epoch: 1, epochs: 1, loss, rate: 1, phase: 'finished' as const };
  const how = { exitCode: status === 'failed' ? 1 : 0, signal: null, startedAt: null, diagnosis: null };
  return { type: 'ended', status, endedAt: '2026-05-03T10:00:00.000Z', progress, ...how };
}

export function sample(path: string, more: Partial<Artifact> = {}): Told {
  const nothing = { epoch: null, bytes: null, sha256: null, tensorSha256: null, sessionId: null };
  const artifact: Artifact = {
    ...nothing,
    kind: 'sample',
    path,
    step: 10,
    prompt: 0,
    seed: 42,
    modifiedAt: '2026-05-01T11:00:00.000Z',
    final: false,
    goneAt: null,
    ...more,
  };
  return { type: 'artifact', artifact };
}

/** Adds facts to a run, making it if need be. */
export async function tell(home: Home, id: RunId, ...facts: Told[]): Promise<void> {
  if (!(await home.runs.list()).includes(id)) home.runs.create(id);
  const log = home.runs.openLog(id, 'journal');
  await log.append(...facts);
  await log.close();
}

/** A run that has something for every route. */
export async function fullRun(home: Home, directory: string, id: RunId, name: string): Promise<void> {
  const out = join(directory, 'out', id);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'sample.png'), png);
  const [config, caption, image] = await home.objects.putAll([
    Buffer.from('learning_rate = 1e-4\n'),
    Buffer.from('grey wolf, howling, night sky'),
    png,
  ]);
  const files = [
    { root: 0, path: 'wolf.png', kind: 'image', bytes: png.length, sha256: image!.sha256, object: image!.sha256 },
    { root: 0, path: 'wolf.txt', kind: 'caption', bytes: 29, sha256: caption!.sha256, object: caption!.sha256 },
  ];
  const manifest = await home.objects.put(Buffer.from(files.map((each) => `${JSON.stringify(each)}\n`).join('')));
  const root = {
    path: '/datasets/wolf',
    kind: 'train' as const,
    repeats: 1,
    classTokens: null,
    captionExtension: '.txt',
  };
  await tell(
    home,
    id,
    created(id, name, { tags: ['first'], reason: 'try' }),
    {
      type: 'arguments',
      trainer: 'sd-scripts',
      script: null,
      wrappers: [],
      settings: [
        { key: 'learning_rate', value: 1e-4, source: { kind: 'argument' }, effective: true, known: true },
        {
          key: 'network_dim',
          value: Number(id.charCodeAt(9)),
          source: { kind: 'argument' },
          effective: true,
          known: true,
        },
      ],
    },
    {
      type: 'file',
      file: {
        role: 'config',
        path: '/training/config.toml',
        key: 'config_file',
        kind: 'file',
        sha1: null,
        sha256: config!.sha256,
        bytes: config!.bytes,
        object: config!.sha256,
      },
    },
    {
      type: 'dataset',
      dataset: {
        roots: [root],
        files: 2,
        images: 1,
        captions: 1,
        bytes: png.length + 29,
        sha256: manifest.sha256,
        manifest: manifest.sha256,
        imagesKept: 1,
        omitted: [],
        omittedMore: 0,
      },
    },
    sample(join(out, 'sample.png'), { bytes: png.length }),
    sample(join(out, 'wolf.safetensors'), { kind: 'checkpoint', step: 100, bytes: 1000, prompt: null, seed: null }),
    ended(),
  );
  writeFileSync(
    join(home.runs.path(id), 'log'),
    'loading\nWARNING: slow\nsteps: 100%|███| 100/100 [00:10<00:00]\ndone\n',
  );
  const metrics = new MetricsWriter(join(home.runs.path(id), 'metrics'), 'events');
  for (let step = 1; step <= 1000; step++) metrics.add('loss/average', 'step', step, 1_777_000_000 + step, 1 / step);
  metrics.close();
}
