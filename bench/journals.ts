/** Many runs as the recorder would have journalled them, about 15 kB each. */
import type { Setting, Told } from '../src/model/facts.ts';
import { makeRunId, type RunId } from '../src/model/run-id.ts';
import { parseRunName } from '../src/model/run-name.ts';
import { openHome } from '../src/store/home.ts';

const minute = 60_000;
const firstRun = Date.UTC(2026, 0, 1);

/** Writes `runs/` of the home through the real log of facts. One run in seven failed. */
export async function journals(homeDirectory: string, runs: number): Promise<void> {
  const home = await openHome(homeDirectory, 'den');
  for (let index = 0; index < runs; index++) {
    const random = new Uint8Array(10);
    new DataView(random.buffer).setUint32(0, index);
    const at = new Date(firstRun + index * minute);
    const id = makeRunId(at.getTime(), random);
    home.runs.create(id);
    const log = home.runs.openLog(id, 'journal');
    const stamped = { v: 1 as const, at: at.toISOString(), host: 'den' };
    log.appendStamped(facts(id, index, at).map((fact) => ({ ...stamped, ...fact })));
    await log.close();
  }
}

function facts(id: RunId, index: number, at: Date): Told[] {
  const failed = index % 7 === 0;
  return [
    {
      type: 'run.created',
      id,
      name: parseRunName(`noob-wolf-v${index}s1600`),
      command: ['accelerate', 'launch', 'train_network.py', '--config_file', '/training/config.toml'],
      commandSha256: null,
      cwd: '/training',
      outputDir: `/training/output/${index}`,
      outputDirExisted: false,
      trainer: 'sd-scripts',
      reason: `try number ${index}`,
      tags: index % 5 === 0 ? ['draft'] : [],
      parent: null,
      spoor: '0.1.0',
      mode: 'attached',
    },
    {
      type: 'arguments',
      trainer: 'sd-scripts',
      script: '/training/train_network.py',
      wrappers: [],
      settings: settings(index),
    },
    { type: 'captured', milliseconds: 90 },
    ...Array.from({ length: 8 }, (_, epoch): Told => checkpoint(index, epoch, at)),
    {
      type: 'series',
      series: [{ tag: 'loss/average', points: 1600, first: 0.14, last: 0.09, min: 0.08, max: 0.15 }],
    },
    {
      type: 'ended',
      status: failed ? 'failed' : 'succeeded',
      exitCode: failed ? 1 : 0,
      signal: null,
      startedAt: at.toISOString(),
      endedAt: new Date(at.getTime() + 40 * minute).toISOString(),
      progress: { step: 1600, total: 1600, epoch: 8, epochs: 8, loss: 0.09, rate: 2, phase: 'finished' },
      diagnosis: failed ? { code: 'out-of-memory', message: 'The GPU is out of memory', hint: null } : null,
    },
  ];
}

/** As many as a configuration of sd-scripts has, defaults among them. */
function settings(index: number): Setting[] {
  const source = { kind: 'config-file' as const, file: '/training/config.toml', line: 4, section: 'training' };
  const rest = Array.from({ length: 70 }, (_, number) => ({ key: `option_${number}`, value: number }));
  return [
    { key: 'learning_rate', value: (1 + (index % 9)) * 5e-5 },
    { key: 'network_dim', value: 2 ** (index % 6) },
    ...rest,
  ].map((each) => ({ ...each, source, effective: true, known: true }));
}

function checkpoint(index: number, epoch: number, at: Date): Told {
  const sha256 = (index * 8 + epoch).toString(16).padStart(64, '0');
  return {
    type: 'artifact',
    artifact: {
      kind: 'checkpoint',
      path: `/training/output/${index}/wolf-${String(epoch).padStart(6, '0')}.safetensors`,
      step: (epoch + 1) * 200,
      epoch: epoch + 1,
      prompt: null,
      seed: null,
      bytes: 37_861_176,
      sha256,
      tensorSha256: sha256,
      sessionId: null,
      modifiedAt: new Date(at.getTime() + (epoch + 1) * 5 * minute).toISOString(),
      final: epoch === 7,
      goneAt: null,
    },
  };
}
