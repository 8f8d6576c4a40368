/** The texts of prompts and captions that a site leaves out, to be found in all else that is written. */
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { readPrompts } from '../../tracker/read-prompts.ts';
import { noTag } from '../bytes.ts';
import type { Handlers } from '../handler.ts';
import { bytesOf, documentOf } from './asking.ts';
import type { Without } from './leave-out.ts';

export interface LeftOut {
  /** Of several words: left out wherever they stand. */
  phrases: string[];
  /** Of one word, which may stand anywhere by chance: left out where it stands alone on a line, or as a prompt. */
  words: string[];
}

/** As many images as a site has. */
const mostImages = 100_000;

export async function leftOutTexts(
  handlers: Handlers,
  home: Home,
  runs: readonly { id: RunId }[],
  without: Without,
): Promise<LeftOut> {
  const texts: unknown[] = [];
  for (const { id } of runs) {
    if (without.has('prompts')) texts.push(...(await promptsOf(handlers, home, id)));
    if (without.has('captions')) {
      const { images } = await documentOf(handlers.listImages({ run: id, changed: false, limit: mostImages }, noTag));
      texts.push(...images.flatMap(({ caption, captionBefore }) => [caption, captionBefore]));
    }
  }
  const all = [
    ...new Set(texts.flatMap((text) => (typeof text === 'string' && text.trim() !== '' ? [text.trim()] : []))),
  ];
  return {
    phrases: all.filter(isPhrase).flatMap((text) => [text, ...asNames(text)]),
    words: all.filter((text) => !isPhrase(text)),
  };
}

async function promptsOf(handlers: Handlers, home: Home, id: RunId): Promise<unknown[]> {
  const run = await documentOf(handlers.showRun({ run: id }, noTag));
  const { files } = await documentOf(handlers.listFiles({ run: id }, noTag));
  const texts: unknown[] = run.artifacts.flatMap(({ prompted }) => [prompted?.prompt, prompted?.negative]);
  for (const file of files.filter(({ role, kept }) => role === 'prompts' && kept)) {
    const bytes = await bytesOf(handlers.readFile({ run: id, file: file.id }, noTag));
    // Trainers print a line as it stands, or the prompt in it; an option behind it is no text of anybody.
    if (/\.txt$/i.test(file.path)) texts.push(...new TextDecoder().decode(bytes).split(/\r?\n/));
  }
  for (const file of run.files.filter(({ role }) => role === 'prompts')) {
    const prompts = (await readPrompts(file, home.objects)) ?? [];
    texts.push(...prompts.flatMap(({ prompt, negative_prompt }) => [prompt, negative_prompt]));
  }
  return texts;
}

/** More than one word; of a script without spaces, more than a word is long. */
function isPhrase(text: string): boolean {
  return wordsOf(text).length > 1 || (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text) && text.length >= 6);
}

const wordsOf = (text: string) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** As generators put a text into the name of a file. */
function asNames(text: string): string[] {
  const words = wordsOf(text);
  return words.length < 2 ? [] : [words.join('_'), words.join('-')];
}
