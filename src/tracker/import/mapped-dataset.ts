/** A dataset that the user says to be that of the training (`--map`), held against what the model's header tells. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseDraft } from '../../capture/dataset/manifest.ts';
import { scanDataset } from '../../capture/dataset/scan.ts';
import type { DatasetState, DatasetTold, Told, Warning } from '../../model/facts.ts';
import { finish } from '../finish-later.ts';
import { cachesOf } from '../ports.ts';
import type { Recording } from '../request.ts';
import type { Relocation } from './relocate.ts';
import { relocate } from './relocate.ts';
import type { Training } from './training.ts';

/** Only directories that `map` names are read; one whose captions the header contradicts is not taken. */
export async function mappedDataset(
  recording: Recording,
  { config }: Training,
  told: DatasetTold | null,
  map: readonly Relocation[],
  userHome: string,
): Promise<Told[]> {
  const datasets = config?.datasets ?? [];
  const roots = datasets.flatMap((each) => {
    const path = relocate(each.path, map);
    return path === null ? [] : [{ ...each, path }];
  });
  if (roots.length === 0 || roots.length < datasets.length) return [];
  const { home } = recording;
  const scanned = await scanDataset({ roots, objects: home.objects, caches: cachesOf(home), userHome });
  if (scanned.images === 0) return [warned('dataset-not-found', `${roots[0]!.path} holds no images`, 'Check --map.')];
  await home.objects.putAll(scanned.blobs);
  const work = scanned.later.find((each) => each.kind === 'dataset');
  const facts = work === undefined ? scanned.facts : await finish(recording, work);
  const dataset = facts.find((fact) => fact.type === 'dataset')?.dataset;
  if (dataset === undefined) return facts;
  const tags = await tagsByFolder(
    dataset,
    work ? parseDraft(await home.objects.get(work.draft)) : await manifestOf(dataset, recording),
  );
  const verdict = compare(tags, told);
  if (verdict === 'differs') {
    const message = `${roots[0]!.path} is not what this was trained on: its tags are not those that the model tells`;
    return [
      warned(
        'dataset-differs',
        message,
        'The captions were changed since. If you have them as they were, --map to those.',
      ),
    ];
  }
  const doubt = `${roots[0]!.path} is taken for what this was trained on, because --map says so: nothing in the model tells`;
  return verdict === 'agrees' ? facts : [...facts, warned('dataset-unverified', doubt, null)];
}

type File = { root: number; path: string; kind: string };

async function manifestOf({ manifest }: DatasetState, { home }: Recording): Promise<File[]> {
  if (manifest === null) return [];
  const text = Buffer.from(await home.objects.get(manifest)).toString('utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as File]));
}

/** As sd-scripts counts them: the first line of each caption, at commas, in lower case. */
async function tagsByFolder(
  { roots }: DatasetState,
  files: readonly File[],
): Promise<Map<string, Map<string, number>>> {
  const folders = new Map<string, Map<string, number>>();
  for (const { root, path, kind } of files) {
    if (kind !== 'caption') continue;
    const whole = join(roots[root]!.path, path);
    const folder = basename(dirname(whole));
    const tags = folders.get(folder) ?? new Map<string, number>();
    folders.set(folder, tags);
    const text = await readFile(whole, 'utf8').catch(() => '');
    for (const each of (text.split(/\r?\n/, 1)[0] ?? '').split(',')) {
      const tag = each.trim().toLowerCase();
      if (tag !== '') tags.set(tag, (tags.get(tag) ?? 0) + 1);
    }
  }
  return folders;
}

function compare(
  tags: ReadonlyMap<string, ReadonlyMap<string, number>>,
  told: DatasetTold | null,
): 'agrees' | 'differs' | 'untold' {
  const folders = told?.folders.filter((each) => each.tags !== null) ?? [];
  if (folders.length === 0) return 'untold';
  const agrees = folders.every(({ name, tags: counts }) => {
    const found = tags.get(name) ?? new Map();
    const expected = Object.entries(counts!);
    return expected.length === found.size && expected.every(([tag, count]) => found.get(tag) === count);
  });
  return agrees ? 'agrees' : 'differs';
}

function warned(code: string, message: string, hint: string | null): Told {
  const warning: Warning = { code, message, hint };
  return { type: 'warning', warning };
}
