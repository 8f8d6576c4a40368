import type { ArtifactName, OutputPlan } from '../trainer.ts';

/** Told by the names that sd-scripts gives (`{name}-{epoch:06d}`, `{name}-step{step:08d}`, `{name}`, `…-state`). */
export function artifactOf(path: string, outputs: OutputPlan): ArtifactName | null {
  const named = (fallback: string) => quoteForPattern(outputs.outputName ?? fallback);
  const plain = { step: null, epoch: null, prompt: null, seed: null, final: false };
  const state = path.endsWith('-state') ? path.slice(0, -'-state'.length) : null;
  const stem = state ?? /^(.*)\.(?:safetensors|ckpt|pt)$/.exec(path)?.[1] ?? null;
  if (stem !== null) {
    const kind = state === null ? 'checkpoint' : 'state';
    const step = new RegExp(`^${named('at')}-step(\\d{8,15})$`).exec(stem)?.[1];
    if (step !== undefined) return { ...plain, kind, step: Number(step) };
    const epoch = new RegExp(`^${named('epoch')}-(\\d{6,15})$`).exec(stem)?.[1];
    if (epoch !== undefined) return { ...plain, kind, epoch: Number(epoch) };
    return new RegExp(`^${named('last')}$`).test(stem) ? { ...plain, kind, final: true } : null;
  }
  const prefix = outputs.outputName === null ? '' : `${named('')}_`;
  const sample = new RegExp(
    `^sample/${prefix}(?:e(\\d{6,15})|(\\d{6,15}))_(\\d{2,9})_\\d{14}(?:_(-?\\d{1,20}))?\\.png$`,
  ).exec(path);
  if (sample === null) return null;
  const number = (text: string | undefined) => (text === undefined ? null : Number(text));
  const [, epoch, step, prompt, seed] = sample;
  return {
    ...plain,
    kind: 'sample',
    step: number(step),
    epoch: number(epoch),
    prompt: number(prompt),
    seed: number(seed),
  };
}

function quoteForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
