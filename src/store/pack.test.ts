import { execFileSync } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packRun } from './pack.ts';
import { writeTar } from './tar.ts';
import { created, fileFact, nextRunId, temporaryDirectory, temporaryHome } from './test-home.ts';

function unpack(archive: string): string {
  const into = temporaryDirectory();
  execFileSync('tar', ['-xf', archive, '-C', into]);
  return into;
}

describe('a pack', () => {
  it('unpacks with tar to the run, all its objects whole, and what was added', async () => {
    const home = await temporaryHome();
    const id = nextRunId();
    const folder = home.runs.create(id);
    const stored = await home.objects.putAll([Buffer.from('wolf'), randomBytes(1_500_000), Buffer.alloc(512)]);
    await home.objects.put(Buffer.from('of another run'));
    const log = home.runs.openLog(id, 'journal');
    await log.append(created(id), ...stored.map(({ sha256, bytes }) => fileFact(sha256, bytes)));
    await log.append(fileFact('d'.repeat(64), 1));
    await log.close();
    mkdirSync(join(folder, 'metrics'));
    writeFileSync(join(folder, 'metrics', 'loss.jsonl'), '{}\n');
    writeFileSync(join(folder, 'recorder.lock'), '{}');
    symlinkSync('/etc/passwd', join(folder, 'link'));
    const directory = temporaryDirectory();
    const bundle = join(directory, 'x.bundle');
    writeFileSync(bundle, 'bundle');
    const target = join(directory, 'run.tar');

    const packed = await packRun(home, id, target, [{ path: bundle, name: 'code/abc.bundle' }]);
    expect(packed).toMatchObject({ objects: 3, missing: ['d'.repeat(64)], bytes: readFileSync(target).length });
    expect(readdirSync(directory).sort()).toEqual(['run.tar', 'x.bundle']);

    const root = join(unpack(target), id);
    const manifest = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8'));
    expect(manifest.files).toEqual(['run/journal.jsonl', 'run/metrics/loss.jsonl', 'code/abc.bundle']);
    expect(manifest.objects).toEqual(stored.map(({ sha256 }) => sha256).sort());
    for (const object of manifest.objects) {
      expect(hash('sha256', readFileSync(join(root, 'objects', object.slice(0, 2), object)), 'hex')).toBe(object);
    }
    for (const [name, original] of [
      ['run/journal.jsonl', join(folder, 'journal.jsonl')],
      ['code/abc.bundle', bundle],
    ] as const) {
      expect(readFileSync(join(root, name))).toEqual(readFileSync(original));
    }
    expect(readdirSync(join(root, 'run')).sort()).toEqual(['journal.jsonl', 'metrics']);
  });

  it('of a run that is not there is refused', async () => {
    const home = await temporaryHome();
    const target = join(temporaryDirectory(), 'x.tar');
    await expect(packRun(home, nextRunId(), target)).rejects.toMatchObject({ code: 'run-not-found' });
  });

  it('that cannot be written names its target', async () => {
    const home = await temporaryHome();
    const id = nextRunId();
    home.runs.create(id);
    await expect(packRun(home, id, '/proc/none/x.tar')).rejects.toMatchObject({
      kind: 'cannot-write',
      message: expect.stringContaining('/proc/none/x.tar'),
    });
  });
});

describe('a tar archive', () => {
  it('keeps names of any length and alphabet, and exactly the promised bytes', async () => {
    const contents: [string, string, number, string][] = [
      ['short', 'wolf', 4, 'wolf'],
      [`${'deep/'.repeat(60)}wolf.png`, 'x'.repeat(513), 513, 'x'.repeat(513)],
      ['Wölfe/狼 in "snow".txt', '', 0, ''],
      [`${'é'.repeat(99)}`, 'a', 1, 'a'],
      ['grown', 'longer than it was', 6, 'longer'],
      ['shrunken', 'ab', 4, 'ab\0\0'],
    ];
    async function* entries() {
      for (const [name, content, bytes] of contents) {
        yield { name, bytes, modified: new Date('2026-05-01T10:00:00Z'), content: [Buffer.from(content)] };
      }
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of writeTar(entries())) chunks.push(chunk);
    const archive = join(temporaryDirectory(), 'x.tar');
    writeFileSync(archive, Buffer.concat(chunks));
    const root = unpack(archive);
    for (const [name, , , expected] of contents) expect(readFileSync(join(root, name), 'utf8')).toBe(expected);
  });
});
