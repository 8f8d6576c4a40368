/** Homes as the page's benchmarks look at them: long curves, many samples, a training under way. */
import { join } from 'node:path';
import sharp from 'sharp';
import type { Told } from '../src/model/facts.ts';
import { makeRunId, type RunId } from '../src/model/run-id.ts';
import { parseRunName } from '../src/model/run-name.ts';
import type { Home } from '../src/store/home.ts';
import { MetricsWriter } from '../src/store/metrics/metrics-writer.ts';

const firstRun = Date.UTC(2026, 0, 1);

/** A run with these facts. */
export async function runOf(home: Home, index: number, ...facts: Told[]): Promise<RunId> {
  const id = makeRunId(firstRun + index * 60_000, new Uint8Array(10).fill(index));
  home.runs.create(id);
  const log = home.runs.openLog(id, 'journal');
  await log.append(created(id, index), ...facts);
  await log.close();
  return id;
}

function created(id: RunId, index: number): Told {
  return {
    type: 'run.created',
    id,
    name: parseRunName(`noob-wolf-v${index}s1600`),
    command: ['accelerate', 'launch', 'train_network.py'],
    commandSha256: null,
    cwd: '/training',
    outputDir: `/training/output/${index}`,
    outputDirExisted: false,
    trainer: 'sd-scripts',
    reason: null,
    tags: [],
    parent: null,
    spoor: '0.1.0',
    mode: 'attached',
  };
}

const ended: Told = {
  type: 'ended',
  status: 'succeeded',
  exitCode: 0,
  signal: null,
  startedAt: null,
  endedAt: new Date(firstRun).toISOString(),
  progress: null,
  diagnosis: null,
};

/** Noise over a wave, as a loss is; each curve its own. */
export function curveOf(index: number, points: number): Float64Array {
  let state = index + 1;
  return Float64Array.from({ length: points }, (_, step) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.sin(step / 9000 + index) + state / 2 ** 32;
  });
}

export interface Curves {
  /** `lr` has them all in one chart, any other each in its own. */
  group: string;
  curves: number;
  points: number;
}

/** One run with many long curves. */
export async function longCurves(home: Home, index: number, { group, curves, points }: Curves): Promise<RunId> {
  const id = await runOf(home, index, ended);
  const writer = new MetricsWriter(join(home.runs.path(id), 'metrics'), 'bench');
  const values = Array.from({ length: curves }, (_, each) => curveOf(each, points));
  for (let step = 0; step < points; step++) {
    for (const [each, of] of values.entries())
      writer.add(`${group}/part${each}`, 'step', step, firstRun / 1000 + step / 2, of[step] as number);
  }
  writer.close();
  return id;
}

export interface Samples {
  runs: number;
  prompts: number;
  steps: number;
}

/** Runs that drew prompts at their steps, each picture another. @returns the runs, and the pictures' bytes */
export async function manySamples(home: Home, { runs, prompts, steps }: Samples) {
  const lines = Array.from({ length: prompts }, (_, at) => `a wolf, scene ${at} --d 40`);
  const pictures: Buffer[] = [];
  const ids: RunId[] = [];
  for (let index = 0; index < runs; index++) {
    const drawn = Array.from({ length: steps * prompts }, (_, at) => picture(index * steps * prompts + at));
    const bytes = await Promise.all(drawn);
    pictures.push(...bytes);
    const [file, ...kept] = await home.objects.putAll([Buffer.from(lines.join('\n')), ...bytes]);
    const facts = kept.flatMap(({ sha256 }, at): Told[] => {
      const [step, prompt] = [(Math.floor(at / prompts) + 1) * 100, at % prompts];
      const path = `/out/${index}-${step}-${prompt}.png`;
      return [
        { type: 'artifact', artifact: { ...sampleOf(path, step, prompt), sha256, bytes: bytes[at]!.length } },
        { type: 'kept', path, object: sha256, kept: true },
        {
          type: 'preview',
          path,
          sha256,
          preview: null,
          image: { width: 96, height: 144, format: 'png' },
          reason: null,
        },
      ];
    });
    ids.push(await runOf(home, index + 1, promptsFile(file!), ...facts, ended));
  }
  return { ids, pictures };
}

/** Stripes of two colours: some kilobytes, as a small preview has. */
function picture(seed: number): Promise<Buffer> {
  const [width, height] = [96, 144];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++) pixels[at] = (Math.imul(at, 31 + (seed % 97)) >> 4) ^ (seed * 7);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

const sampleOf = (path: string, step: number, prompt: number) => ({
  kind: 'sample' as const,
  path,
  step,
  epoch: null,
  prompt,
  seed: 40,
  tensorSha256: null,
  sessionId: null,
  modifiedAt: new Date(firstRun).toISOString(),
  final: false,
  goneAt: null,
});

const promptsFile = ({ sha256, bytes }: { sha256: string; bytes: number }): Told => ({
  type: 'file',
  file: {
    role: 'prompts',
    path: '/prompts.txt',
    key: 'sample_prompts',
    kind: 'file',
    sha1: null,
    sha256,
    bytes,
    object: sha256,
  },
});
