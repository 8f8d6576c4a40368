/** Directories as genuine runs of sd-scripts left them, in a throw-away world. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { shown, spoor } from '../support/spoor.ts';
import { makeWorld, safetensors, type World } from '../support/world.ts';

export const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));

export function world(): World {
  const made = makeWorld();
  onTestFinished(() => made.remove());
  return made;
}

/** The header of the run's last checkpoint, as its trainer wrote it. */
export function metadataOf(run: string): Record<string, string> {
  return JSON.parse(readFileSync(join(fixtures, 'kohya', run, 'metadata.json'), 'utf8'));
}

/**
 * Lays a genuine run out: configuration, prompts, event files, the log, and a model with its header.
 * @returns its directory
 */
export function layOut({ root }: World, run: string, models: Record<string, Record<string, string>> = {}): string {
  const directory = join(root, 'trainings', run);
  const from = join(fixtures, 'kohya', run);
  mkdirSync(join(directory, 'output'), { recursive: true });
  for (const name of ['config.toml', 'sample-prompts.txt', 'logs']) {
    if (existsSync(join(from, name))) cpSync(join(from, name), join(directory, name), { recursive: true });
  }
  const log = ['tty.raw', 'combined.raw'].find((name) => existsSync(join(from, 'cap', name)))!;
  cpSync(join(from, 'cap', log), join(directory, 'sdscripts.log'));
  for (const [name, more] of Object.entries(models)) {
    writeFileSync(join(directory, 'output', name), safetensors(512, { ...metadataOf(run), ...more }));
  }
  return directory;
}

export interface ImportedDocument {
  runs: { id: string; outcome: string; name: string; from: string; how: string; checkpoints: number }[];
  unread: { path: string; why: string }[];
  passedOver: number;
}

export async function imported(made: World, ...args: string[]): Promise<ImportedDocument> {
  const { stdout, stderr, exitCode } = await spoor(made, ['import', '--json', ...args]);
  if (exitCode !== 0) throw new Error(`spoor import exited with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as ImportedDocument;
}

/** Imports what is one training, and gives its run. */
export async function importedRun(made: World, ...args: string[]) {
  const { runs } = await imported(made, ...args);
  if (runs.length !== 1) throw new Error(`${runs.length} runs were imported`);
  return shown(made, runs[0]!.id);
}
