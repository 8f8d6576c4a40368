/** Prompts and captions of words that stand in names, in keys and in what people say. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SharedRun, type SharedSite, sharedPath, unwrapShared } from '../../api/shared-site.ts';
import { openHome } from '../../store/home.ts';
import { created, ended, options, tell, testId } from '../testing/served-home.ts';
import { type Shared, writeSite } from './write-site.ts';

const id = testId(1);
const prompts = 'a wolf in snow --n text --w 64 --ss euler_a --d 42\nwolf\n';
const log = 'prompt: a wolf in snow\nnegative_prompt: text\nwolf\nsampler euler_a, text of it\nnoob-wolf-v1s10\n';
let directory: string;
let shared: Shared;

const document = <T>(path: string) =>
  JSON.parse(unwrapShared(readFileSync(join(directory, 'site', path), 'utf8'))) as T;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-left-out-'));
  const home = await openHome(join(directory, 'home'), 'lair');
  const objects = await home.objects.putAll([prompts, 'wolf', 'x'].map((text) => Buffer.from(text)));
  const [file, caption, image] = objects as [(typeof objects)[0], (typeof objects)[0], (typeof objects)[0]];
  const lines = [
    { root: 0, path: 'a.png', kind: 'image', bytes: 1, sha256: image.sha256, object: null },
    { root: 0, path: 'a.txt', kind: 'caption', bytes: 4, sha256: caption.sha256, object: caption.sha256 },
  ];
  const manifest = await home.objects.put(Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  const [root] = [{ path: '/d', kind: 'train' as const, repeats: 1, classTokens: null, captionExtension: '.txt' }];
  const { sha256 } = manifest;
  const counts = { files: 2, images: 1, captions: 1, bytes: 5, imagesKept: 0, omitted: [], omittedMore: 0 };
  const kept = { kind: 'file' as const, sha1: null, sha256: file.sha256, bytes: file.bytes, object: file.sha256 };
  await tell(
    home,
    id,
    created(id, 'noob-wolf-v1s10', { reason: 'the wolf, with much text in it' }),
    { type: 'file', file: { role: 'prompts', path: '/p.txt', key: 'sample_prompts', ...kept } },
    { type: 'dataset', dataset: { roots: [root], sha256, manifest: sha256, ...counts } },
    { type: 'note', text: 'a wolf in snow: the name of the image has text and a path' },
    ended(),
  );
  writeFileSync(join(home.runs.path(id), 'log'), log);
  mkdirSync(join(directory, 'page'));
  writeFileSync(join(directory, 'page/page.js'), '');
  shared = await writeSite(options(home, directory), {
    ...{ runs: [id], directory: join(directory, 'site'), without: new Set(['prompts', 'captions'] as const) },
    ...{ extras: new Set(), withSecrets: false, siteDirectory: join(directory, 'page') },
  });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('are left out where they stand as such', () => {
  const names = readdirSync(join(directory, 'site'), { recursive: true, withFileTypes: true });
  for (const entry of names.filter((each) => each.isFile()))
    expect(readFileSync(join(entry.parentPath, entry.name), 'utf8')).not.toContain('a wolf in snow');
  expect(readFileSync(join(directory, 'site', sharedPath.logText(id)), 'utf8')).toBe(
    'prompt: [left out]\nnegative_prompt: [left out]\n[left out]\nsampler euler_a, text of it\nnoob-wolf-v1s10\n',
  );
});

it('take no key, no name, and no word that somebody said with them', () => {
  const { runs, families, histories, settings } = document<SharedSite>(sharedPath.site);
  expect(runs.map(({ name, family, dataset }) => [name, family, dataset])).toEqual([
    ['noob-wolf-v1s10', 'noob-wolf', 'wolf'],
  ]);
  expect(families.map(({ family }) => family)).toEqual(['noob-wolf']);
  expect(histories['noob-wolf']?.versions.length).toBe(1);
  expect(Object.keys(settings)).toEqual(['noob-wolf']);
  const { showRun } = document<SharedRun>(sharedPath.run(id));
  expect(showRun.reason).toBe('the wolf, with much text in it');
  expect(showRun.notes.map(({ text }) => text)).toEqual(['[left out]: the name of the image has text and a path']);
});

it('are told of where a run is named after them', () => {
  expect(shared.namedAfter).toEqual(['noob-wolf-v1s10', 'noob-wolf']);
});
