/** Nothing that the core can say to a page stays English for want of words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stopReasons } from '../../src/model/settings.ts';
import enTexts from '../../web/src/i18n/en.json' with { type: 'json' };
import hu from '../../web/src/said/hu.json' with { type: 'json' };
import ja from '../../web/src/said/ja.json' with { type: 'json' };
import { sayIn } from '../../web/src/said/phrases.ts';
import { sentencesOf } from './sentences.ts';

/** What is said here reaches a page, by an answer or by a run's record. */
const told =
  /^(?:api|capture|catalog|diff|follow|formats|images|launch|model|notify|server|store|tracker|trainers)\/|^cli\/(?:settings|commands\/(?:doctor|notify)\.ts)/;

/** What is said here is said in the terminal alone: no route and no fact has it. */
const inTerminal = new RegExp(
  [
    'server/(?:share/|server|static|guard/headers)',
    'tracker/(?:pull|shell|restore|pack-run|strict|suspect|curves|repos-file|runs\\.ts|verify-home|stop-run|inspect-file)',
    'tracker/(?:clean-set-up|import/(?:import-p|find|relocate|read-models)|late/(?:attach-run|find-trainer))',
    'launch/(?:start|program|other-process|waiter|witness|exit|replace)',
    'store/(?:verify|pack|fact-lines|objects/memory|code/)',
    'capture/(?:conda|git/(?:snapshot|user-config|look))',
    'trainers/(?:sd-scripts/(?:checks|arguments)|generic-checks)',
    'images/(?:frames|worker|rasterise)|notify/message-of|catalog/queries|model/words|diff/test-runs|.*testing/',
  ]
    .map((each) => `^(?:${each})`)
    .join('|'),
);

/** Parts of sentences, which are known as a whole; and what is no sentence: commands, headers, names of progress. */
const noSentences = new Set([
  'the dataset {}',
  '1 .{} file beside an image',
  '{} .{} files beside the images',
  '1 .{} file beside an image of {} are not read: caption_extension is "{}"',
  '{} .{} files beside the images of {} is not read: caption_extension is "{}"',
  'Did you mean {}? ',
  'spoor shell zsh --install',
  'spoor shell {} --install',
  'is that of Spoor {}, or of one elsewhere',
  'is that of Spoor (unknown), or of one elsewhere',
  'was changed by hand',
  'Spoor can reach you',
  'A test from {}: messages about trainings will come here.',
  '{} {} ({}): not sent, {} {}',
  ' (and {} more: spoor config shows them)',
  '{}:{}: there is no section [{}]',
  '{}: there is no section [{}]',
  'line {}, column {}: ',
  'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run',
  'private',
  'private, max-age=31536000, immutable',
  'making previews',
  '{}, … and {}',
  '{}{} entry of the dataset are not kept: {}, …',
  '{}{} entry of the dataset are not kept: {}',
  '{}{} entries of the dataset is not kept: {}, …',
  '{}{} entries of the dataset is not kept: {}',
  'it is ',
  'it lies in , {}',
  '{} ({}, nothing committed)',
  '{} (detached, nothing committed)',
  'git -C {} status',
  'sudo apt-get install git',
  'sudo apt-get install util-linux',
  'spoor trash ls',
  'chmod 700 {}',
  'Python {} ({}), {} packages',
  'Python {} ({}, {} {}), {} packages',
  'Python (version unknown) ({}), {} packages',
  'Python (version unknown) ({}, {} {}), {} packages',
  '{}, torch {}',
  '{}, no torch',
  'memory',
  'a layer of this container',
  // The file systems that there are stand in the words by their names.
  '{} at {}',
  'the history of a repository',
  'where a repository stands, or the hashes of what its snapshot left out',
  "the dataset's images",
  'the hash of a file',
  'comparing',
  'the temporary file has gone',
  'The training is being stopped.',
  'has lost its way: NaN',
  'makes no progress',
  'runs out of disk',
  'spoor search melted ears',
  'Its settings are not in this record; The trainer may use them all the same.',
  'The trainer beneath the launcher',
]);

const sentences = sentencesOf(
  join(import.meta.dirname, '../../src'),
  (file) => told.test(file) && !inTerminal.test(file),
);

it('reads what the core says off its source', () => {
  expect(sentences.size).toBeGreaterThan(600);
  for (const [sentence, file] of [
    ['git is not on PATH: no code can be recorded', 'tracker/doctor/programs.ts'],
    ["The GPU's memory ran out (it asked for {} more): {}", 'trainers/judge/diagnoses.ts'],
    ['{} can be read by others (mode {}), and prompts and logs are private', 'tracker/doctor/storage.ts'],
    ['{} is never "{}"', 'catalog/query/parse.ts'],
  ] as const) {
    expect([sentence, sentences.get(sentence)]).toEqual([sentence, file]);
  }
});

describe.each([
  ['Hungarian', hu],
  ['Japanese', ja],
] as const)('%s', (_, phrases) => {
  it('has words for every sentence that the core can say to a page', () => {
    const say = sayIn(phrases);
    const unknown = [...sentences].filter(
      ([sentence]) => !noSentences.has(sentence) && say(sentence.replaceAll('{}', 'x1')) === null,
    );
    expect(unknown).toEqual([]);
  });
});

it('has short words for every reason why a run fails', () => {
  const judge = join(import.meta.dirname, '../../src/trainers/judge');
  const sources = readdirSync(judge).filter((name) => !name.endsWith('.test.ts'));
  const codes = sources.flatMap((name) => [
    ...readFileSync(join(judge, name), 'utf8').matchAll(/\bcode: '([a-z-]+)'/g),
  ]);
  const named = [...codes.map(([, code]) => code ?? ''), ...stopReasons.map((reason) => `stopped-on-${reason}`)];
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((code) => !Object.hasOwn(enTexts.failure, code))).toEqual([]);
});
