import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import { trainerSource } from '../support/trainer.ts';
import { safetensors } from '../support/world.ts';
import { fixtures, imported, importedRun, layOut, metadataOf, world } from './play.ts';

const A = 'A-good-lora-pty';
const B = 'B-lr-and-captions-pty';
const final = { 'kumo.safetensors': {} };
const setting = (run: Awaited<ReturnType<typeof shown>>, key: string) => run.settings.find((each) => each.key === key);

describe('spoor import', () => {
  it('makes one run of all that one training left', async () => {
    const made = world();
    layOut(made, A, { ...final, 'kumo-step00000008.safetensors': { ss_steps: '8' } });
    const run = await importedRun(made, join(made.root, 'trainings'));
    expect(run).toMatchObject({
      status: 'succeeded',
      exitCode: null,
      startedAt: '2026-11-23T20:53:49.181Z',
      endedAt: '2026-11-23T20:57:55.306Z',
      host: 'vm',
      trainer: 'sd-scripts',
      name: { full: 'kumo' },
      imported: { how: 'session', host: 'vm', original: null },
      progress: { step: 24, total: 24 },
    });
    expect(run.artifacts.map(({ step, final: last, sessionId }) => [step, last, sessionId])).toEqual([
      [8, false, '873797285'],
      [24, true, '873797285'],
    ]);
    expect(run.series.find(({ tag }) => tag === 'loss/average')).toMatchObject({ points: 24 });
    expect(run.files.map(({ role }) => role).sort()).toEqual(['base-model', 'config', 'prompts']);
    expect(run.repos[0]).toMatchObject({ head: '8f4ee8fc343b047965cd8976fca65c3a35b7593a', dirty: null });
  });

  it('tells what the header bears out from what only stands in a file beside it', async () => {
    const made = world();
    const run = await importedRun(made, layOut(made, A, final));
    expect(setting(run, 'unet_lr')).toMatchObject({ value: 0.0001, source: { kind: 'config-file', line: 24 } });
    expect(setting(run, 'unet_lr')).not.toHaveProperty('certainty');
    expect(setting(run, 'max_data_loader_n_workers')).toMatchObject({ value: 0, certainty: 'guessed' });
    expect(setting(run, 'learning_rate')?.ignored).toContain('unet_lr');
  });

  it('takes the settings from the header where the configuration was edited since', async () => {
    const made = world();
    const directory = layOut(made, A, final);
    rmSync(join(directory, 'config.toml'));
    cpSync(join(fixtures, 'kohya', B, 'config.toml'), join(directory, 'output', 'config.toml'));
    const run = await importedRun(made, directory);
    expect(setting(run, 'unet_lr')).toMatchObject({ value: 0.0001, source: { kind: 'metadata' } });
    expect(run.warnings.map(({ code }) => code)).toContain('config-differs');
  });

  it('reconstructs the arguments of a lone model from its header, and knows nothing else', async () => {
    const made = world();
    const file = made.write(join(made.root, 'loras/renamed.safetensors'), safetensors(64, metadataOf(B)));
    const run = await importedRun(made, file);
    expect(run.name.full).toBe('kumo');
    for (const [key, value] of Object.entries({ unet_lr: 0.0002, network_dim: 1, optimizer_type: 'AdamW', seed: 42 })) {
      expect(setting(run, key)).toMatchObject({ value, source: { kind: 'metadata', file } });
    }
    expect(run.datasetTold?.folders).toMatchObject([{ name: '2_kumo cat', repeats: 2, images: 6 }]);
    expect(run).toMatchObject({ dataset: null, environment: null, command: [], files: [{ role: 'base-model' }] });
  });

  it('takes the settings of another trainer by its own names, and no end from the time of a copy', async () => {
    const made = world();
    const told = { ot_revision: 'abc', ot_config: '{"learning_rate": 0.0003, "lora_rank": 16}' };
    const weights = { 'lora_unet_a.lora_down.weight': { dtype: 'F16', shape: [1], data_offsets: [0, 2] } };
    const header = Buffer.from(JSON.stringify({ __metadata__: told, ...weights }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const bytes = Buffer.concat([length, header, Buffer.alloc(2)]);
    const run = await importedRun(made, made.write(join(made.root, 'loras/ot.safetensors'), bytes));
    expect(run.trainer).toBe('onetrainer');
    expect(setting(run, 'lora_rank')).toMatchObject({ value: 16, source: { kind: 'metadata' } });
    const { ss_training_finished_at: _, ...old } = metadataOf(A);
    old.ss_training_started_at = '1500000000.0';
    await importedRun(made, made.write(join(made.root, 'old/old.safetensors'), safetensors(64, old)));
    const rows = JSON.parse((await spoor(made, ['ls', '--json'])).stdout) as { startedAt: string; duration: number }[];
    expect(rows.find(({ startedAt }) => startedAt.startsWith('2017'))).toMatchObject({ duration: null });
  });

  it('changes nothing when it is done again, from elsewhere too', async () => {
    const made = world();
    const directory = layOut(made, A, final);
    const [first] = (await imported(made, directory)).runs;
    const journals = () =>
      readdirSync(join(made.spoorHome, 'runs', first!.id)).map(
        (name) => statSync(join(made.spoorHome, 'runs', first!.id, name)).size,
      );
    const before = journals();
    expect((await imported(made, directory)).runs).toMatchObject([{ id: first!.id, outcome: 'unchanged' }]);
    expect(journals()).toEqual(before);
    renameSync(directory, join(made.root, 'elsewhere'));
    expect((await imported(made, join(made.root, 'elsewhere'))).runs).toMatchObject([
      { id: first!.id, outcome: 'updated' },
    ]);
    const { stdout } = await spoor(made, ['ls', '--json']);
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  it('leaves every file, time and mode there as it was', async () => {
    const made = world();
    const directory = layOut(made, A, final);
    const look = () => execFileSync('find', [directory, '-printf', '%p %m %s %T@ %C@\n'], { encoding: 'utf8' });
    const before = look();
    await imported(made, directory);
    expect(look()).toBe(before);
  });

  it('groups the models of one folder by session', async () => {
    const made = world();
    for (const [run, name] of [
      [A, 'good'],
      [B, 'bad'],
    ] as const) {
      made.write(join(made.root, `loras/${name}.safetensors`), safetensors(64, metadataOf(run)));
      made.write(
        join(made.root, `loras/${name}-8.safetensors`),
        safetensors(64, { ...metadataOf(run), ss_steps: '8' }),
      );
    }
    made.write(join(made.root, 'loras/base.safetensors'), safetensors(64));
    const { runs, passedOver } = await imported(made, join(made.root, 'loras'));
    expect(runs.map(({ outcome, checkpoints }) => [outcome, checkpoints])).toEqual([
      ['added', 2],
      ['added', 2],
    ]);
    expect(passedOver).toBe(1);
  });

  it('finds failed and interrupted trainings by their event files and logs', async () => {
    const made = world();
    layOut(made, 'E1-sigint-pty');
    layOut(made, 'D1-missing-model-pty');
    const { runs } = await imported(made, join(made.root, 'trainings'));
    expect(runs.map(({ how }) => how).sort()).toEqual(['event-file', 'log']);
    const statuses = await Promise.all(runs.map(async ({ id }) => (await shown(made, id)).status));
    expect(statuses.sort()).toEqual(['failed', 'interrupted']);
  });

  it('takes the end and the step of a training from its event files, however young their copies are', async () => {
    const made = world();
    const directory = layOut(made, 'H2-resume-pty');
    rmSync(join(directory, 'sdscripts.log'));
    const run = await importedRun(made, directory);
    expect(run.progress).toMatchObject({ step: 16 });
    expect(Date.parse(run.endedAt!) - Date.parse(run.startedAt)).toBeLessThan(3_600_000);
  });

  it("imports what the GUI saved, with its own words for the trainer's options", async () => {
    const made = world();
    const file = join(made.root, 'presets/wolf_20250102-030405.json');
    made.write(file, '');
    cpSync(join(fixtures, 'kohya_ss-gui/locon-Prodigy.json'), file);
    const run = await importedRun(made, join(made.root, 'presets'));
    expect(run).toMatchObject({
      status: 'lost',
      startedAt: '2025-01-02T03:04:05.000Z',
      imported: { how: 'configuration' },
    });
    expect(setting(run, 'optimizer_type')).toMatchObject({ value: 'Prodigy', certainty: 'guessed' });
    expect(setting(run, 'resolution')?.value).toBe('512,512');
  });

  it('knows its own runs again by spoor.json and by session', async () => {
    const made = world();
    const honest = trainerSource
      .replace('"1795467255.5"', 'BEGAN')
      .replace(/^import/, 'import time\nBEGAN = str(time.time())\nimport');
    made.write(join(made.trainer, 'train_network.py'), honest);
    const { run } = await recorded(made, training(made));
    expect((await imported(made, made.output)).runs).toMatchObject([{ outcome: 'known', id: run.id }]);
    const elsewhere = { SPOOR_HOME: join(made.root, 'other') };
    const there = await spoor(made, ['import', '--json', made.output], { env: elsewhere });
    const { id } = JSON.parse(there.stdout).runs[0];
    const { stdout } = await spoor(made, ['show', id, '--json'], { env: elsewhere });
    const other = JSON.parse(stdout);
    expect(other.imported).toMatchObject({ how: 'spoor-json', original: run.id });
    expect(other.repos[0]).toMatchObject({ name: 'sd-scripts', head: run.repos[0]!.head, path: made.trainer });
    expect(setting(other, 'max_train_steps')).not.toHaveProperty('certainty');
  });

  it('brings a pack home whole', async () => {
    const made = world();
    const { run } = await recorded(made, training(made));
    await spoor(made, ['pack', run.id, '-o', 'wolf.spoor.tar']);
    const env = { SPOOR_HOME: join(made.root, 'other') };
    const { stdout, stderr } = await spoor(made, ['import', '--json', 'wolf.spoor.tar'], { env });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).runs).toMatchObject([{ id: run.id, outcome: 'added' }]);
    expect(JSON.parse((await spoor(made, ['show', run.id, '--json'], { env })).stdout)).toEqual(run);
    expect((await spoor(made, ['verify'], { env })).exitCode).toBe(0);
    const again = await spoor(made, ['import', '--json', 'wolf.spoor.tar'], { env });
    expect(JSON.parse(again.stdout).runs).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('writes nothing with --dry-run', async () => {
    const made = world();
    const { runs } = await imported(made, '--dry-run', layOut(made, A, final));
    expect(runs).toMatchObject([{ outcome: 'added' }]);
    expect(readdirSync(join(made.spoorHome, 'runs'))).toEqual([]);
  });

  it('names the path that is not there, and the remedy', async () => {
    const made = world();
    const { exitCode, stderr } = await spoor(made, ['import', '/nowhere/loras']);
    expect(exitCode).toBe(66);
    expect(stderr).toContain('/nowhere/loras is not there');
    expect((await spoor(made, ['import', made.root, '--map', 'oops'])).exitCode).toBe(64);
  });
});

describe('a dataset', () => {
  const datasets = join(fixtures, 'kohya/datasets');

  it("is today's and not that day's, unless --map says so and the model's tags agree", async () => {
    const made = world();
    const directory = layOut(made, A, final);
    expect((await importedRun(made, directory)).dataset).toBeNull();
    const run = await importedRun(made, directory, '--map', `/home/lab/lora/work/data=${datasets}`);
    expect(run.dataset).toMatchObject({ images: 6, captions: 6 });
    expect(run.warnings.map(({ code }) => code)).not.toContain('dataset-unverified');
  });

  it("is not taken where its captions are not what the model's header tells", async () => {
    const made = world();
    const directory = layOut(made, A, final);
    const run = await importedRun(made, directory, '--map', `/home/lab/lora/work/data/kumo=${datasets}/kumo-b`);
    expect(run.dataset).toBeNull();
    expect(run.warnings.map(({ code }) => code)).toContain('dataset-differs');
  });

  it('that --map names nowhere is told with those that the configurations name', async () => {
    const made = world();
    const directory = layOut(made, A, final);
    const { stderr } = await spoor(made, ['import', directory, '--map', `/home/lab/data=${datasets}`]);
    expect(stderr).toContain('--map /home/lab/data=… fits no dataset');
    expect(stderr).toContain('/home/lab/lora/work/data/kumo');
  });
});

describe('whatever lies there', () => {
  it('is told where it is damaged, and the rest imported', async () => {
    const made = world();
    const directory = layOut(made, A, final);
    writeFileSync(join(directory, 'output/cut.safetensors'), safetensors(4096, metadataOf(A)).subarray(0, 900));
    writeFileSync(join(directory, 'output/deep.json'), '['.repeat(100_000));
    writeFileSync(join(directory, 'output/bad.toml'), 'a = [');
    mkdirSync(join(directory, 'output/loop'));
    execFileSync('ln', ['-s', '..', join(directory, 'output/loop/up')]);
    execFileSync('mkfifo', [join(directory, 'output/pipe.log')]);
    const { runs, unread } = await imported(made, directory);
    expect(runs).toMatchObject([{ outcome: 'added' }]);
    expect(unread).toMatchObject([{ path: join(directory, 'output/cut.safetensors') }]);
  });
});
