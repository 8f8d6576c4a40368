import { appendFileSync, chmodSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Told } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from './home.ts';
import { MetricsWriter } from './metrics/metrics-writer.ts';
import { created, fileFact, nextRunId, temporaryHome } from './test-home.ts';
import { verifyStore } from './verify.ts';

async function record(home: Home, ...facts: Told[]): Promise<string> {
  const id = nextRunId();
  home.runs.create(id);
  const log = home.runs.openLog(id, 'journal');
  await log.append(created(id), ...facts);
  await log.close();
  return id;
}

const pathOf = (home: Home, sha256: string) => join(home.directory, 'objects', sha256.slice(0, 2), sha256);

describe('verify', () => {
  it('finds nothing wrong in a sound store, and tells how far it is', async () => {
    const home = await temporaryHome();
    const { sha256, bytes } = await home.objects.put(Buffer.from('wolf'));
    await record(home, fileFact(sha256, bytes));
    const told: unknown[] = [];
    expect(await verifyStore(home, { onProgress: (...progress) => told.push(progress) })).toEqual([]);
    expect(told).toEqual([
      ['runs', 1, 1],
      ['objects', 1, null],
    ]);
  });

  it('finds series whose points or tags are damaged, but not those that are being written', async () => {
    const home = await temporaryHome();
    const id = (await record(home)) as RunId;
    const metrics = join(home.runs.path(id), 'metrics');
    const writer = new MetricsWriter(metrics, 'events');
    for (const tag of ['a', 'b', 'c']) for (let step = 0; step < 100; step++) writer.add(tag, 'step', step, step, step);
    writer.close();
    const [a, b, c] = readdirSync(metrics)
      .filter((name) => name.endsWith('.points'))
      .sort()
      .map((name) => join(metrics, name)) as [string, string, string];
    appendFileSync(c, 'torn');
    writeFileSync(join(metrics, '0123456789ab-0.points'), '{"v":1,');
    expect(await verifyStore(home)).toEqual([]);
    const points = readFileSync(a);
    points[1_000]! ^= 1;
    writeFileSync(a, points);
    const header = readFileSync(b);
    header[10]! ^= 1;
    writeFileSync(b, header);
    expect(await verifyStore(home, { run: id })).toEqual([
      { code: 'series-damaged', run: id, message: `${a} is damaged: 1 of its points are lost` },
      { code: 'series-damaged', run: id, message: `${b} is damaged: its points cannot be read` },
    ]);
  });

  it('finds an object that is damaged, and one that is missing, with the run that needs it', async () => {
    const home = await temporaryHome();
    const damaged = await home.objects.put(Buffer.from('wolf'));
    const missing = await home.objects.put(Buffer.from('cat'));
    const id = await record(home, fileFact(damaged.sha256, 4), fileFact(missing.sha256, 3));
    const other = await record(home);
    chmodSync(pathOf(home, damaged.sha256), 0o600);
    writeFileSync(pathOf(home, damaged.sha256), 'wool');
    unlinkSync(pathOf(home, missing.sha256));
    const problems = await verifyStore(home);
    expect(problems.map(({ code, run }) => ({ code, run }))).toEqual([
      { code: 'object-corrupt', run: id },
      { code: 'object-missing', run: id },
    ]);
    expect(await verifyStore(home, { run: other })).toEqual([]);
    expect(await verifyStore(home, { run: id })).toHaveLength(2);
  });

  it('finds the objects that only a dataset manifest or later work names', async () => {
    const home = await temporaryHome();
    const image = 'e'.repeat(64);
    const line = { root: 0, path: 'wolf.png', kind: 'image', bytes: 3, sha256: image, object: image };
    const manifest = await home.objects.put(Buffer.from(`${JSON.stringify(line)}\nno json\n`));
    const dataset = { files: 1, images: 1, captions: 0, bytes: 3, sha256: image, imagesKept: 1, omittedMore: 0 };
    const lists = { roots: [], omitted: [] };
    const id = await record(home, { type: 'dataset', dataset: { ...dataset, ...lists, manifest: manifest.sha256 } });
    expect(await verifyStore(home)).toEqual([expect.objectContaining({ code: 'object-missing', run: id })]);
  });

  it('finds facts that are not of their schema, and lines that are none', async () => {
    const home = await temporaryHome();
    const id = await record(home);
    const journal = join(home.runs.path(id), 'journal.jsonl');
    const envelope = { v: 1, at: '2026-01-01T00:00:00.000Z', host: 'lair' };
    appendFileSync(journal, `${JSON.stringify({ ...envelope, type: 'captured', milliseconds: 'long' })}\nnonsense\n`);
    appendFileSync(journal, `${JSON.stringify({ ...envelope, type: 'of-the-future' })}\n`);
    const problems = await verifyStore(home);
    expect(problems.map(({ code }) => code)).toEqual(['fact-unreadable', 'fact-invalid']);
    expect(problems[1]?.message).toContain('captured.milliseconds');
  });
});
