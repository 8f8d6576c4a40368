/** Recorded texts of two runs (configuration, script, prompts, captions) as patches. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Area, Change } from '../diff/change.ts';
import type { FileState } from '../model/facts.ts';
import { patchOfTexts } from '../store/code/compare-snapshots.ts';
import type { CodeRepositories } from '../store/code-repositories.ts';
import type { Side } from './diff-evidence.ts';

const areas: Partial<Record<FileState['role'], Area>> = {
  config: 'config',
  'dataset-config': 'config',
  accelerate: 'config',
  deepspeed: 'config',
  prompts: 'prompts',
  script: 'script',
};

/** @param changes of the two; captions are taken from them */
export async function textPatch(
  a: Side,
  b: Side,
  changes: readonly Change[],
  isWanted: (area: Area) => boolean,
  code: CodeRepositories,
): Promise<Uint8Array> {
  const scratch = await code.scratch();
  try {
    for (const [at, side] of [a, b].entries()) {
      for (const file of side.run.files) {
        const area = areas[file.role];
        if (area === undefined || file.object === null || file.changed || !isWanted(area)) continue;
        const bytes = await side.objects.get(file.object).catch(() => null);
        if (bytes !== null) await put(join(scratch, 'ab'[at]!, area, nameOf(file)), bytes);
      }
    }
    if (isWanted('dataset')) {
      for (const { partOf, subject, before, after } of changes) {
        if (partOf !== 'captions' || !isInside(subject)) continue;
        for (const [at, text] of [before, after].entries()) {
          if (typeof text !== 'string') continue;
          await put(join(scratch, 'ab'[at]!, 'dataset', subject), Buffer.from(`${text}\n`));
        }
      }
    }
    for (const name of ['a', 'b']) await mkdir(join(scratch, name), { recursive: true });
    return await patchOfTexts(code.git, scratch, ['a', 'b']);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Of one role there is mostly one: then another name is no other file. */
function nameOf({ role, path }: FileState): string {
  return role === 'config' || role === 'prompts'
    ? `${role}${/\.\w+$/.exec(basename(path))?.[0] ?? ''}`
    : basename(path);
}

/** Names of files come from records: none may lead outside. */
function isInside(path: string): boolean {
  return !path.startsWith('/') && !path.includes('\0') && !path.split('/').includes('..');
}

async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
