/** Genuine trainings of sd-scripts, imported from what they left behind, in a browser. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures, imported, layOut } from '../import/play.ts';
import { makeWorld } from '../support/world.ts';
import { type Open, open } from './browser.ts';

export interface Imports extends Open {
  /** By the folder of the fixture. */
  ids: Record<(typeof trainings)[number], string>;
}

/** Two that went well and differ in rate and captions; one that was interrupted, one of NaN, one that did not begin. */
export const trainings = [
  'A-good-lora-pty',
  'B-lr-and-captions-pty',
  'E1-sigint-pty',
  'F1-nan-loss-pty',
  'D1-missing-model-pty',
] as const;

export async function imports(): Promise<Imports> {
  const world = makeWorld();
  const ids = {} as Imports['ids'];
  for (const name of trainings) {
    const directory = layOut(world, name, modelsOf(name));
    const samples = join(fixtures, 'kohya', name, 'sample');
    if (existsSync(samples)) cpSync(samples, join(directory, 'output', 'sample'), { recursive: true });
    const { runs } = await imported(world, directory);
    if (runs.length !== 1) throw new Error(`${name} was imported as ${runs.length} runs`);
    ids[name] = runs[0]!.id;
  }
  return { ...(await open(world)), ids };
}

/** What it saved, by the header of its last checkpoint. */
function modelsOf(name: string): Record<string, Record<string, string>> {
  if (name.startsWith('D1')) return {};
  if (name.startsWith('E1')) return { 'kumo-step00000004.safetensors': { ss_steps: '4' } };
  return { 'kumo-step00000008.safetensors': { ss_steps: '8' }, 'kumo.safetensors': {} };
}
