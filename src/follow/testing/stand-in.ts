/** For tests: a log reader of a few words, and files such as a trainer writes. */
import { createHash } from 'node:crypto';
import { sdScripts } from '../../trainers/sd-scripts/sd-scripts.ts';
import type { LogReader, LogState, OutputPlan } from '../../trainers/trainer.ts';

export function plan(outputDir: string | null, outputName = 'kumo'): OutputPlan {
  return { outputDir, outputName, loggingDir: null, logPrefix: null, suggestedName: null, mustBeEmpty: false };
}

/** Knows `steps: N` and the lines of saving, and keeps the text; for what is no matter of any trainer. */
export function wordReader(): LogReader {
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
    losses: [],
    tail: lines.slice(-200),
  };
}

/** What sd-scripts' reader makes of these lines. */
export function logOf(...lines: string[]): LogState {
  const reader = sdScripts.logReader();
  reader.push(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  return reader.state();
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
