import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Artifact } from '../model/facts.ts';
import { sdScripts } from '../trainers/sd-scripts/sd-scripts.ts';
import type { LogState } from '../trainers/trainer.ts';
import { type ArtifactFact, type ArtifactWatcher, type ArtifactWatchOptions, watchArtifacts } from './artifacts.ts';
import { listOutputs } from './outputs.ts';
import { hashOf, logOf, plan, safetensors } from './testing/stand-in.ts';

let root: string;
let now = 0;
const at = (name: string) => join(root, name);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spoor-artifacts-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function watcher(options: Partial<ArtifactWatchOptions> = {}): ArtifactWatcher {
  return watchArtifacts({
    outputs: plan(root),
    trainer: sdScripts,
    cwd: root,
    startedAt: Date.now(),
    existedBefore: null,
    known: [],
    clock: () => now,
    ...options,
  });
}

async function scan(artifacts: ArtifactWatcher, log: LogState = logOf()): Promise<Artifact[]> {
  return (await facts(artifacts.scan(log))).filter((fact) => fact.type === 'artifact').map((fact) => fact.artifact);
}

async function facts(found: AsyncGenerator<ArtifactFact>): Promise<ArtifactFact[]> {
  const all: ArtifactFact[] = [];
  for await (const fact of found) all.push(fact);
  return all;
}

/** Two looks between which a file has had the time to settle. */
async function settle(artifacts: ArtifactWatcher, log?: LogState): Promise<Artifact[]> {
  const first = await scan(artifacts, log);
  now += 2_000;
  return [...first, ...(await scan(artifacts, log))];
}

async function finish(artifacts: ArtifactWatcher, log: LogState = logOf()): Promise<ArtifactFact[]> {
  return facts(artifacts.finish(log));
}

test('a checkpoint is taken with its hashes, step, epoch and session', async () => {
  const content = safetensors({ ss_session_id: '873797285', ss_steps: '12', ss_epoch: '1' });
  await writeFile(at('kumo-000001.safetensors'), content);
  expect(await settle(watcher())).toEqual([
    {
      kind: 'checkpoint',
      path: at('kumo-000001.safetensors'),
      step: 12,
      epoch: 1,
      prompt: null,
      seed: null,
      bytes: content.length,
      sha256: hashOf(content),
      tensorSha256: hashOf(content.subarray(-1000)),
      sessionId: '873797285',
      modifiedAt: new Date(
        Number((await lstat(at('kumo-000001.safetensors'), { bigint: true })).mtimeMs),
      ).toISOString(),
      final: false,
      goneAt: null,
    },
  ]);
});

test('the last checkpoint that was announced but never written, after the last step, is none', async () => {
  await writeFile(at('kumo-000001.safetensors'), safetensors({}));
  const saved = ['kumo-000001.safetensors', 'kumo.safetensors'].map((name) => `saving checkpoint: ${at(name)}`);
  const log = logOf(
    'running training',
    ' total optimization steps: 4',
    'steps: 100%|##########| 4/4 [00:04<00:00,  1.00it/s]',
    ...saved,
  );
  expect(log.anchors).toMatchObject({ trainingFinished: true, modelSaved: false });
  const artifacts = watcher();
  const found = [...(await settle(artifacts, log)), ...(await finish(artifacts, log))];
  expect(found.map((each) => ('path' in each ? each.path : each))).toEqual([at('kumo-000001.safetensors')]);
});

test('the epoch of a step checkpoint, which counts from 0 in its metadata, is not taken from there', async () => {
  await writeFile(at('kumo-step00000008.safetensors'), safetensors({ ss_steps: '8', ss_epoch: '0' }));
  expect(await settle(watcher())).toMatchObject([{ step: 8, epoch: null }]);
});

test('a file is not taken before it has been unchanged for a while', async () => {
  const artifacts = watcher();
  await writeFile(at('kumo.safetensors'), safetensors({}));
  expect(await scan(artifacts)).toEqual([]);
  now += 1_999;
  expect(await scan(artifacts)).toEqual([]);
  now += 1;
  expect(await scan(artifacts)).toHaveLength(1);
  expect(await settle(artifacts)).toEqual([]);
});

test('a checkpoint of which only a part is written is never taken, however long it stays so', async () => {
  const artifacts = watcher();
  const content = safetensors({});
  for (const part of [0, 4, 8, 20, content.length - 1]) {
    await writeFile(at('kumo.safetensors'), content.subarray(0, part));
    expect(await settle(artifacts)).toEqual([]);
  }
  await writeFile(at('kumo.safetensors'), content);
  expect(await settle(artifacts)).toMatchObject([{ sha256: hashOf(content) }]);
});

test('a checkpoint left half-written at the end is no artefact, and is said', async () => {
  await writeFile(at('kumo.safetensors'), safetensors({}).subarray(0, 500));
  expect(await finish(watcher())).toMatchObject([{ type: 'warning', warning: { code: 'artifact-incomplete' } }]);
});

test('a later save in the log shows that a checkpoint is whole', async () => {
  await writeFile(at('kumo-step00000008.safetensors'), safetensors({}));
  await writeFile(at('kumo-step00000016.safetensors'), safetensors({}));
  const log = logOf(
    `saving checkpoint: ${at('kumo-step00000008.safetensors')}`,
    'saving checkpoint: kumo-step00000016.safetensors',
  );
  expect((await scan(watcher(), log)).map((each) => each.step)).toEqual([8]);
});

test('a checkpoint that is being saved a second time waits again', async () => {
  await writeFile(at('kumo-step00000008.safetensors'), safetensors({}));
  const save = `saving checkpoint: ${at('kumo-step00000008.safetensors')}`;
  expect(await scan(watcher(), logOf(save, save))).toEqual([]);
});

test('a checkpoint that was written again replaces its record', async () => {
  const artifacts = watcher();
  await writeFile(at('kumo-step00000004.safetensors'), safetensors({}, 'first'));
  await settle(artifacts);
  await writeFile(at('kumo-step00000004.safetensors'), safetensors({}, 'again'));
  expect(await settle(artifacts)).toMatchObject([{ sha256: hashOf(safetensors({}, 'again')), goneAt: null }]);
});

test('what the trainer deletes keeps its record', async () => {
  const artifacts = watcher();
  await writeFile(at('kumo-step00000004.safetensors'), safetensors({}));
  const [taken] = await settle(artifacts);
  await rm(at('kumo-step00000004.safetensors'));
  expect(await scan(artifacts)).toEqual([{ ...taken, goneAt: expect.any(String) }]);
  expect(await settle(artifacts)).toEqual([]);
});

test('what was deleted before it could be read is recorded without hashes', async () => {
  const artifacts = watcher();
  await writeFile(at('kumo-step00000004.safetensors'), safetensors({}));
  await scan(artifacts);
  await rm(at('kumo-step00000004.safetensors'));
  expect(await scan(artifacts)).toMatchObject([{ step: 4, sha256: null, goneAt: expect.any(String) }]);
});

test('what was saved and removed before anyone looked is known from the log', async () => {
  const log = logOf(
    'saving checkpoint: kumo-step00000004.safetensors',
    'saving checkpoint: kumo-step00000008.safetensors',
    'removing old checkpoint: kumo-step00000004.safetensors',
  );
  expect(await scan(watcher(), log)).toMatchObject([{ step: 4, bytes: null, goneAt: expect.any(String) }]);
  const [late] = await finish(watcher(), log);
  expect(late).toMatchObject({ artifact: { step: 4, bytes: null, goneAt: expect.any(String) } });
});

test('what is missing long after a crash is not said to have been deleted by the trainer', async () => {
  await writeFile(at('kumo.safetensors'), safetensors({}));
  const known = await settle(watcher());
  await rm(at('kumo.safetensors'));
  expect(await finish(watcher({ known }))).toEqual([]);
});

test('a path in the log that leads out of the output directory names nothing', async () => {
  const log = logOf(
    'saving checkpoint: ../../kumo.safetensors',
    'saving checkpoint: /etc/kumo.safetensors',
    'model saved.',
  );
  expect(await scan(watcher(), log)).toEqual([]);
});

test('a state is one artefact, placed by its train_state.json, and holds no checkpoint', async () => {
  await mkdir(at('kumo-state'));
  await writeFile(at('kumo-state/model.safetensors'), safetensors({}));
  await writeFile(at('kumo-state/kumo.safetensors'), safetensors({}));
  await writeFile(at('kumo-state/train_state.json'), '{"current_epoch": 2, "current_step": 16}');
  expect(await settle(watcher())).toMatchObject([
    { kind: 'state', path: at('kumo-state'), step: 16, epoch: 2, final: true, sha256: null },
  ]);
});

test('a state in which something is still being written waits', async () => {
  const artifacts = watcher();
  await mkdir(at('kumo-state'));
  await writeFile(at('kumo-state/train_state.json'), 'no JSON');
  await scan(artifacts);
  now += 2_000;
  await writeFile(at('kumo-state/optimizer.bin'), 'x'.repeat(10));
  expect(await scan(artifacts)).toEqual([]);
  now += 2_000;
  expect(await scan(artifacts)).toMatchObject([{ kind: 'state', step: null, bytes: 17 }]);
});

test('samples are placed by their names', async () => {
  await mkdir(at('sample'));
  await writeFile(at('sample/kumo_000008_01_20261123205513_43.png'), 'png');
  await writeFile(at('sample/kumo_e000000_00_20261123205401.png'), 'png');
  await writeFile(at('sample/prompt.txt'), 'a wolf');
  expect(await settle(watcher())).toMatchObject([
    { kind: 'sample', step: 8, prompt: 1, seed: 43, sha256: hashOf('png') },
    { kind: 'sample', epoch: 0, prompt: 0, seed: null },
  ]);
});

test('what stood in a shared directory before the run is not its own, unless the run wrote it again', async () => {
  await writeFile(at('kumo-step00000004.safetensors'), safetensors({}, 'old'));
  await writeFile(at('kumo-step00000008.safetensors'), safetensors({}, 'old'));
  await writeFile(at('kumo-step00000012.safetensors'), safetensors({}, 'old'));
  const existedBefore = JSON.parse(JSON.stringify(await listOutputs(plan(root), sdScripts)));
  await chmod(at('kumo-step00000004.safetensors'), 0o600);
  await writeFile(at('kumo-step00000008.safetensors'), safetensors({}, 'new'));
  await writeFile(at('temporary'), safetensors({}, 'new'));
  await rename(at('temporary'), at('kumo-step00000012.safetensors'));
  expect((await settle(watcher({ existedBefore }))).map((each) => each.step).sort()).toEqual([12, 8]);
});

test('without a listing from before, what is older than the run is not its own', async () => {
  await writeFile(at('kumo-step00000004.safetensors'), safetensors({}));
  await utimes(at('kumo-step00000004.safetensors'), new Date(), new Date(Date.now() - 60_000));
  expect(await settle(watcher())).toEqual([]);
  const log = logOf(`saving checkpoint: ${at('kumo-step00000004.safetensors')}`);
  expect(await settle(watcher(), log), 'the log outweighs a wrong clock').toHaveLength(1);
});

test('a new watcher that knows the journal reads nothing twice', async () => {
  await writeFile(at('kumo.safetensors'), safetensors({}));
  const known = await settle(watcher());
  expect(known).toHaveLength(1);
  expect(await settle(watcher({ known }))).toEqual([]);
});

test('a new watcher notices what was rewritten or deleted while nobody looked', async () => {
  await writeFile(at('kumo-step00000004.safetensors'), safetensors({}));
  await writeFile(at('kumo-step00000008.safetensors'), safetensors({}));
  const known = await settle(watcher());
  await rm(at('kumo-step00000004.safetensors'));
  await writeFile(at('kumo-step00000008.safetensors'), safetensors({ ss_steps: '8' }));
  const found = await settle(watcher({ known }));
  expect(found.map((each) => [each.step, each.goneAt !== null])).toEqual([
    [4, true],
    [8, false],
  ]);
  expect(found[0]?.sha256).toBe(hashOf(safetensors({})));
});

test('links, FIFOs, devices and directories under the names of artefacts are no artefacts', async () => {
  await writeFile(at('secret'), 'secret');
  await symlink(at('secret'), at('kumo-000001.safetensors'));
  await symlink('/dev/zero', at('kumo-000002.safetensors'));
  execFileSync('mkfifo', [at('kumo-000003.safetensors')]);
  await mkdir(at('kumo-000004.safetensors'));
  await writeFile(at('kumo-000005-state'), 'no directory');
  await symlink(root, at('sample'));
  await symlink(root, at('kumo-000006-state'));
  expect(await settle(watcher())).toEqual([]);
  expect(await finish(watcher())).toEqual([]);
});

test('a header that promises more than can be is not believed', async () => {
  const huge = Buffer.alloc(64);
  huge.writeBigUInt64LE(0xffff_ffff_ffff_fff0n);
  await writeFile(at('kumo-000001.safetensors'), huge);
  await writeFile(
    at('kumo-000002.safetensors'),
    Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('[]')]),
  );
  const offsets = '{"a":{"data_offsets":[0,1e300]},"__metadata__":{"ss_steps":7}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(offsets.length));
  await writeFile(at('kumo-000003.safetensors'), Buffer.concat([length, Buffer.from(offsets)]));
  expect(await settle(watcher())).toEqual([]);
});

test('a directory of more entries than the limit is looked at in part', async () => {
  for (let step = 1; step <= 30; step++) {
    await writeFile(at(`kumo-step${String(step).padStart(8, '0')}.safetensors`), '');
  }
  const listing = await listOutputs(plan(root), sdScripts, 10);
  expect(Object.keys(listing.outputs)).toHaveLength(10);
  expect(listing.truncated).toBe(true);
});

test('an output directory that is not there yet is found once it is', async () => {
  const artifacts = watcher({ outputs: plan(at('later')) });
  expect(await settle(artifacts)).toEqual([]);
  await mkdir(at('later'));
  await writeFile(at('later/kumo.safetensors'), safetensors({}));
  expect(await settle(artifacts)).toHaveLength(1);
});

test('a run without an output directory has no artefacts', async () => {
  expect(await settle(watcher({ outputs: plan(null) }))).toEqual([]);
});

test('a time of modification that no calendar has is unknown', async () => {
  await writeFile(at('kumo.safetensors'), safetensors({}));
  execFileSync('touch', ['-d', '1969-01-01', at('kumo.safetensors')]);
  const log = logOf('saving checkpoint: kumo.safetensors', 'model saved.');
  expect(await scan(watcher(), log)).toMatchObject([{ modifiedAt: null, sha256: expect.any(String) }]);
});

test('every output of a genuine run is found and placed', async () => {
  await mkdir(at('sample'));
  // The names of a run of sd-scripts 0.9.1: 24 steps, 2 epochs, saved and sampled every 8 steps.
  for (const [name, step, epoch] of [
    ['kumo-000001', 12, 1],
    ['kumo-step00000008', 8, 0],
    ['kumo-step00000016', 16, 1],
    ['kumo-step00000024', 24, 1],
    ['kumo', 24, 2],
  ] as const) {
    await writeFile(at(`${name}.safetensors`), safetensors({ ss_steps: `${step}`, ss_epoch: `${epoch}` }));
  }
  const samples = ['000008_00_20261123205507_42', '000008_01_20261123205513_43', '000016_00_20261123205623_42'];
  for (const sample of samples) await writeFile(at(`sample/kumo_${sample}.png`), sample);
  const found = (await settle(watcher())).map(({ kind, step, epoch, prompt, seed, final }) => {
    return [kind, step, epoch, prompt, seed, final].join(' ');
  });
  expect(found.sort()).toEqual([
    'checkpoint 12 1   false',
    'checkpoint 16    false',
    'checkpoint 24    false',
    'checkpoint 24 2   true',
    'checkpoint 8    false',
    'sample 16  0 42 false',
    'sample 8  0 42 false',
    'sample 8  1 43 false',
  ]);
});
