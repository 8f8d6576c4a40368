import { spawnSync } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Told } from '../model/facts.ts';
import type { LaterWork } from '../model/later.ts';
import { openHome } from './home.ts';
import { readLater, writeLater } from './later-file.ts';
import { commitStaged, readStaged, writeStaged } from './staging.ts';
import { created, fileFact, nextRunId, temporaryHome } from './test-home.ts';
import { verifyStore } from './verify.ts';

const captions = ['a grey wolf', '', 'a wolf\nin snow'].map((text) => Buffer.from(text));
const later: LaterWork[] = [{ kind: 'history', code: 'aa', gitDirectory: '/repo/.git', head: 'b'.repeat(40) }];

function capture(id: string): { facts: Told[]; blobs: Uint8Array[]; later: LaterWork[] } {
  const facts = captions.map((blob) => fileFact(hash('sha256', blob, 'hex'), blob.length));
  return { facts: [created(id), ...facts, { type: 'captured', milliseconds: 4 }], blobs: captions, later };
}

async function stagedRun() {
  const home = await temporaryHome();
  const id = nextRunId();
  const folder = home.runs.create(id);
  writeStaged(folder, capture(id), 'lair', new Date('2026-05-01T10:00:00Z'));
  return { home, id, folder };
}

describe('a staged capture', () => {
  it('is read as it was written, with the time of the capture', async () => {
    const { id, folder } = await stagedRun();
    const staged = await readStaged(folder);
    expect(staged).toMatchObject({ state: 'whole', later });
    if (staged.state !== 'whole') return;
    expect(staged.blobs.map(String)).toEqual(captions.map(String));
    expect(staged.facts.map(({ v: _v, at: _at, host: _host, ...told }) => told)).toEqual(capture(id).facts);
    expect(staged.facts[0]).toMatchObject({ at: '2026-05-01T10:00:00.000Z', host: 'lair' });
  });

  it('is torn wherever it was cut, and damaged wherever a bit fell', async () => {
    const { folder } = await stagedRun();
    const path = join(folder, 'capture.staged');
    const whole = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), fc.boolean(), async (at, bit, cut) => {
        const bytes = Buffer.from(whole);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        writeFileSync(path, bytes);
        if (cut) truncateSync(path, at);
        expect(await readStaged(folder)).toMatchObject({ state: 'torn' });
      }),
      { numRuns: 100 },
    );
  });

  it('from elsewhere with lies in its header is torn, too', async () => {
    const { folder } = await stagedRun();
    for (const header of ['{}', 'null', '{"v":1,"facts":[],"later":[],"blobs":[{"bytes":-1}]}', '{"v":2}', '[']) {
      const line = `${header}\n`;
      writeFileSync(join(folder, 'capture.staged'), `${line}${hash('sha256', line, 'hex')}\n`);
      expect(await readStaged(folder)).toMatchObject({ state: 'torn' });
    }
  });

  it('becomes objects, facts and later work, and is gone', async () => {
    const { home, id, folder } = await stagedRun();
    const log = home.runs.openLog(id, 'journal');
    expect(await commitStaged(folder, home.objects, log)).toEqual({ state: 'committed', later });
    expect(await commitStaged(folder, home.objects, log)).toEqual({ state: 'none' });
    await log.close();
    expect((await home.runs.facts(id)).facts.map((fact) => fact.type)).toEqual([
      'run.created',
      'file',
      'file',
      'file',
      'captured',
    ]);
    expect(await readLater(folder)).toEqual(later);
    expect(await verifyStore(home)).toEqual([]);
    await writeLater(folder, []);
    expect(readdirSync(folder)).toEqual(['journal.jsonl']);
  });

  it('that is torn is not committed, and left to be looked at', async () => {
    const { home, id, folder } = await stagedRun();
    truncateSync(join(folder, 'capture.staged'), 100);
    const log = home.runs.openLog(id, 'journal');
    expect(await commitStaged(folder, home.objects, log)).toMatchObject({ state: 'torn' });
    await log.close();
    expect((await home.runs.facts(id)).facts).toEqual([]);
    expect(existsSync(join(folder, 'capture.staged'))).toBe(true);
  });

  it('killed at any step leaves a sound store, and is completed by repeating it', async () => {
    const { home, id, folder } = await stagedRun();
    const staged = readFileSync(join(folder, 'capture.staged'));
    writeFileSync(join(home.directory, 'image.png'), randomBytes(100_000));
    const child = fileURLToPath(new URL('./test-crash-child.ts', import.meta.url));
    let killed = 0;
    for (let step = 0; ; step++) {
      const { signal, status, stderr } = spawnSync(process.execPath, [child, home.directory, id, `${step}`]);
      expect(await verifyStore(await openHome(home.directory))).toEqual([]);
      if (signal !== 'SIGKILL') {
        expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
        break;
      }
      killed++;
      // Each step from the start, whatever the one before it had completed.
      if (existsSync(join(folder, 'journal.jsonl')) && step < 30) writeFileSync(join(folder, 'capture.staged'), staged);
    }
    expect(killed).toBeGreaterThan(10);
    const { facts, unreadable } = await home.runs.facts(id);
    expect(unreadable).toBe(0);
    expect(facts.map((fact) => fact.type)).toEqual(['run.created', 'file', 'file', 'file', 'captured']);
  });
});
