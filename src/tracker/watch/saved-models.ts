import { stat } from 'node:fs/promises';
import { readArtifact } from '../../follow/artifact-file.ts';
import { stampOutput } from '../../follow/outputs.ts';
import { SpoorError } from '../../model/errors.ts';
import type { Told } from '../../model/facts.ts';
import type { RecordedRun } from '../../model/run.ts';
import type { Trainer } from '../../trainers/trainer.ts';
import { modelsOf, type Traces } from './traces.ts';

/** The models a training has saved where its configuration says, which may lie outside its output directory. */
export async function savedModels(traces: Traces, { run }: RecordedRun, trainer: Trainer): Promise<Told[]> {
  // Elsewhere any model is the training's as far as its trainer's own names tell.
  if (trainer.id !== 'onetrainer') return [];
  const told: Told[] = [];
  for (const path of await modelsOf(traces)) {
    const known = run.artifacts.find((each) => each.path === path);
    const at = await stat(path).catch(() => null);
    if (at === null || (known && known.modifiedAt === at.mtime.toISOString())) continue;
    const name = { kind: 'checkpoint' as const, step: null, epoch: null, prompt: null, seed: null, final: true };
    const stamp = await stampOutput(path, name);
    const artifact = stamp && (await readArtifact(path, { name, stamp }));
    if (artifact && artifact !== 'changing' && !(artifact instanceof SpoorError))
      told.push({ type: 'artifact', artifact });
  }
  return told;
}
