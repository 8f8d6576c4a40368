/** For tests: the least of a trainer that names its outputs and its log as sd-scripts does. */
import { createHash } from 'node:crypto';
import type { ArtifactName, LogReader, LogState, OutputPlan, Trainer } from '../../trainers/trainer.ts';

const nothing: ArtifactName = { kind: 'checkpoint', step: null, epoch: null, prompt: null, seed: null, final: false };

export const standInTrainer: Pick<Trainer, 'artifact' | 'logReader'> = { artifact, logReader };

export function plan(outputDir: string | null, outputName = 'kumo'): OutputPlan {
  return { outputDir, outputName, loggingDir: null, logPrefix: null, suggestedName: null, mustBeEmpty: false };
}

function artifact(path: string, outputs: OutputPlan): ArtifactName | null {
  const name = outputs.outputName ?? 'last';
  const sample = /^sample\/(\w+)_(e?)(\d{6})_(\d\d)_\d{14}(?:_(\d+))?\.png$/.exec(path);
  if (sample) {
    if (sample[1] !== name) return null;
    const at = Number(sample[3]);
    const when = sample[2] ? { epoch: at } : { step: at };
    return {
      ...nothing,
      kind: 'sample',
      ...when,
      prompt: Number(sample[4]),
      seed: sample[5] ? Number(sample[5]) : null,
    };
  }
  const saved = /^([^/]+?)(?:-step(\d{8})|-(\d{6}))?(-state|\.safetensors)$/.exec(path);
  if (!saved || saved[1] !== name) return null;
  const step = saved[2] ? Number(saved[2]) : null;
  const epoch = saved[3] ? Number(saved[3]) : null;
  const kind = saved[4] === '-state' ? 'state' : 'checkpoint';
  return { ...nothing, kind, step, epoch, final: step === null && epoch === null };
}

function logReader(): LogReader {
  let text = '';
  const decoder = new TextDecoder();
  return {
    push: (chunk) => {
      text += decoder.decode(chunk, { stream: true });
    },
    state: () => stateOf(text),
  };
}

function stateOf(text: string): LogState {
  const lines = text.split(/[\r\n]/).slice(0, -1);
  const after = (anchor: string) =>
    lines.filter((line) => line.startsWith(anchor)).map((line) => line.slice(anchor.length).trim());
  const step = Number(after('steps: ').at(-1) ?? Number.NaN);
  const modelSaved = lines.includes('model saved.');
  return {
    progress: {
      step: Number.isNaN(step) ? null : step,
      total: null,
      epoch: null,
      epochs: null,
      loss: null,
      rate: null,
      phase: 'training',
    },
    series: [],
    announced: {},
    saved: after('saving checkpoint:'),
    removed: after('removing old checkpoint:'),
    anchors: { trainingStarted: true, modelSaved, trainingFinished: modelSaved },
    nanStreak: 0,
    tail: lines.slice(-200),
  };
}

export function emptyLog(): LogState {
  return stateOf('');
}

/** The state after these lines. */
export function logOf(...lines: string[]): LogState {
  return stateOf(`${lines.join('\n')}\n`);
}

/** A whole safetensors file with one tensor of `fill` bytes. */
export function safetensors(metadata: Record<string, string>, fill = 'kumo', length = 1000): Buffer {
  const header = JSON.stringify({
    __metadata__: metadata,
    lora: { dtype: 'U8', shape: [length], data_offsets: [0, length] },
  });
  const padded = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([prefix, padded, Buffer.alloc(length, fill)]);
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
