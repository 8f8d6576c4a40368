import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, temporaryWorld } from '../run/play.ts';
import { recorded, shown, spoor } from '../support/spoor.ts';
import { attached, over, started, trainersOf, training, warned } from './play.ts';

describe('a trainer that runs already', () => {
  test('is recorded as spoor run would have done, from its own command, directory and environment', async () => {
    const world = temporaryWorld();
    const { run: before } = await recorded(world, training(world));
    const trainer = await started(world, { env: { PYTORCH_CUDA_ALLOC_CONF: 'max_split_size_mb:64' } });
    const { id } = await attached(world, trainer.pid, '--reason', 'was forgotten', '--tag', 'late');
    trainer.go();
    const run = await over(world, id);
    expect(run.command).toEqual(training(world));
    expect(run).toMatchObject({ trainer: before.trainer, cwd: world.root, outputDir: before.outputDir });
    expect(run.name).toEqual(before.name);
    expect(run).toMatchObject({ reason: 'was forgotten', tags: ['late'] });
    expect(run.settings).toEqual(before.settings);
    expect(run.repos.map(({ name, head, snapshot }) => [name, head, snapshot])).toEqual(
      before.repos.map(({ name, head, snapshot }) => [name, head, snapshot]),
    );
    expect(run.dataset?.sha256).toBe(before.dataset?.sha256);
    expect(run.environment?.variables.PYTORCH_CUDA_ALLOC_CONF).toBe('max_split_size_mb:64');
    expect(run.environment?.packages).toEqual(before.environment?.packages);
  });

  test('is followed to its end, which is judged by its log and what it made; its exit status stays unknown', async () => {
    const world = temporaryWorld();
    const trainer = await started(world);
    const { id } = await attached(world, trainer.pid);
    expect(await shown(world, id)).toMatchObject({ status: 'running', exitCode: null });
    trainer.go();
    const run = await over(world, id);
    expect(run).toMatchObject({ status: 'succeeded', exitCode: null, signal: null });
    expect(warned(run, 'exit-status-unknown')).toContain('Spoor did not start this training');
    expect(run.artifacts.find(({ final }) => final)?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(run.series.find(({ tag }) => tag === 'loss/average')?.points).toBeGreaterThan(1);
  });

  test('that fails is told by its traceback, and its output directory is left alone', async () => {
    const world = temporaryWorld();
    const trainer = await started(world, { env: { T_FAIL_AT: '2' } });
    const { id } = await attached(world, trainer.pid);
    trainer.go();
    const run = await over(world, id);
    expect(run).toMatchObject({ status: 'failed', exitCode: null, diagnosis: { code: 'out-of-memory' } });
    expect(run.cleaned).toMatchObject({ state: 'kept', reason: 'Spoor did not start this training' });
  });

  test('has the time of its own start, and says how long after that it was captured', async () => {
    const world = temporaryWorld();
    const earliest = Date.now();
    const trainer = await started(world);
    const latest = statSync(join(world.root, 'ready')).mtimeMs;
    const { id, err } = await attached(world, trainer.pid);
    trainer.go();
    const run = await over(world, id);
    const launched = Date.parse(run.startedAt);
    expect(launched).toBeGreaterThanOrEqual(earliest - 50);
    expect(launched).toBeLessThanOrEqual(latest + 50);
    expect(run.late).toMatchObject({ by: 'process', launchedAt: run.startedAt, changed: [], changedMore: 0 });
    expect(run.late?.milliseconds).toBeGreaterThan(0);
    expect(warned(run, 'captured-late')).toMatch(/^captured \d+ seconds? after launch/);
    expect(warned(run, 'changed-since-launch')).toBeNull();
    expect(err).toContain('captured');
    const { stdout } = await spoor(world, ['show', id]);
    expect(String(stdout)).toMatch(/captured +[\d.]+ m?s after launch/);
  });

  test('names what was changed since its launch: configuration, captions, code, whatever time they bear', async () => {
    const world = temporaryWorld();
    const trainer = await started(world);
    // Within its first moments no trainer has read anything; what is changed then does not count.
    const launchedBefore = Date.now();
    await eventually(() => Date.now() > launchedBefore + 150);
    const source = join(world.trainer, 'train_network.py');
    const caption = String(execFileSync('find', [world.dataset, '-name', '*.txt'])).split('\n')[0]!;
    world.write(world.config, `${readFileSync(world.config, 'utf8')}\n# later\n`);
    world.write(source, `${readFileSync(source, 'utf8')}\n# later\n`);
    world.write(caption, 'another');
    // As a copy that keeps times would.
    utimesSync(caption, new Date('2026-01-01'), new Date('2026-01-01'));
    const { id, err } = await attached(world, trainer.pid);
    trainer.go();
    const run = await over(world, id);
    expect(run.late?.changed).toEqual([world.config, source, caption].sort());
    expect(warned(run, 'changed-since-launch')).toContain(world.config);
    expect(err).toContain('changed since the launch');
  });

  test('survives the terminal by itself and is stopped by spoor stop', async () => {
    const world = temporaryWorld();
    const trainer = await started(world);
    const { id } = await attached(world, trainer.pid);
    const { exitCode, stderr } = await spoor(world, ['stop', id]);
    expect(String(stderr)).toContain('has stopped');
    expect(exitCode).toBe(0);
    expect(await over(world, id)).toMatchObject({ status: 'interrupted', exitCode: null });
    await eventually(() => trainer.child.exitCode !== null || trainer.child.signalCode !== null);
  });
});

describe('the log', () => {
  test('is copied from its beginning, while it grows, byte for byte', async () => {
    const world = temporaryWorld();
    const path = join(world.root, 'train.log');
    world.write(path, 'from before the launch\n');
    const trainer = await started(world, { log: path });
    const { id } = await attached(world, trainer.pid);
    const follower = spoor(world, ['log', '-f', id]);
    await eventually(() => readLog(world.spoorHome, id).includes('1/'));
    trainer.go();
    await over(world, id);
    const whole = readFileSync(path, 'utf8');
    expect(readLog(world.spoorHome, id)).toBe(whole);
    expect(String((await follower).stdout)).toBe(whole);
    expect(whole).toMatch(/^from before the launch\n[\s\S]*model saved/);
  });

  test('holds both files where the two streams go to different ones', async () => {
    const world = temporaryWorld();
    const [out, errors] = [join(world.root, 'out.log'), join(world.root, 'err.log')];
    const trainer = await started(world, { log: out, errors });
    const { id } = await attached(world, trainer.pid);
    trainer.go();
    const run = await over(world, id);
    const log = readLog(world.spoorHome, id);
    expect(log).toContain('running training');
    expect(log).toContain('model saved');
    expect(Buffer.byteLength(log)).toBe(statSync(out).size + statSync(errors).size);
    expect(run.status).toBe('succeeded');
  });

  test('is not there where the output goes into a pipe, which is said', async () => {
    const world = temporaryWorld();
    const command = ['sh', '-c', `${training(world).join(' ')} 2>&1 | cat >/dev/null`];
    await started(world, { command });
    const { id } = await attached(world, trainersOf(world)[0]!);
    world.write(join(world.root, 'go'), '');
    const run = await over(world, id);
    expect(warned(run, 'no-log')).toContain('a pipe');
    expect(run).toMatchObject({ status: 'succeeded', series: [] });
    const { exitCode, stderr } = await spoor(world, ['log', id]);
    expect([exitCode, String(stderr)]).toEqual([66, expect.stringContaining('has no log')]);
  });

  test('is not there where the output goes to a terminal, which is said', async () => {
    const world = temporaryWorld();
    const command = ['script', '-qfec', training(world).join(' '), '/dev/null'];
    await started(world, { command });
    const { id } = await attached(world, trainersOf(world)[0]!);
    world.write(join(world.root, 'go'), '');
    const run = await over(world, id);
    expect(warned(run, 'no-log')).toContain('the terminal /dev/pts/');
    expect(run).toMatchObject({ status: 'succeeded', series: [] });
  });

  test('that is renamed and cut while it grows is followed all the same', async () => {
    const world = temporaryWorld();
    const path = join(world.root, 'train.log');
    const trainer = await started(world, { log: path });
    const { id } = await attached(world, trainer.pid);
    await eventually(() => readLog(world.spoorHome, id).includes('1/'));
    execFileSync('sh', ['-c', `mv ${path} ${path}.1 && : > ${path}.1`]);
    trainer.go();
    const run = await over(world, id);
    expect(readLog(world.spoorHome, id)).toMatch(/running training[\s\S]*model saved/);
    expect(run.status).toBe('succeeded');
  });
});

function readLog(home: string, id: string): string {
  return readFileSync(join(home, 'runs', id, 'log'), 'utf8');
}
