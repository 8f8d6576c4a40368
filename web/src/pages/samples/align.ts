/** Which prompts of several runs are one: by their words and seed, not by where they stand in a file. */
import type { SampleRow } from '../../../../src/api/index.ts';

/** A prompt of one run. */
interface Own {
  run: string;
  index: number;
  text: string | null;
  /** Null where it is not known, or was another one each time. */
  seed: number | null;
  samples: SampleRow[];
}

export interface AlignedPrompt {
  /** Unique; that of its prompt in the first run that has it, as far as that is free. */
  index: number;
  text: string | null;
  seed: number | null;
  /** Samples by run. */
  parts: Map<string, SampleRow[]>;
}

/**
 * The prompts of all runs in order. What has the same words and the same seed is one; then what has the same words; what
 * has no known words goes by its place. A prompt whose words were changed while the run went on is two.
 */
export function alignPrompts(runs: readonly { id: string; samples: readonly SampleRow[] }[]): AlignedPrompt[] {
  const aligned: AlignedPrompt[] = [];
  for (const run of runs) {
    let left = promptsOf(run.id, run.samples);
    const join = (isSame: (whole: AlignedPrompt, own: Own) => boolean) => {
      left = left.filter((own) => {
        const whole = aligned.find((each) => !each.parts.has(run.id) && isSame(each, own));
        if (!whole) return true;
        whole.parts.set(run.id, own.samples);
        whole.text ??= own.text;
        if (whole.seed !== own.seed) whole.seed = null;
        return false;
      });
    };
    join((whole, own) => own.text !== null && whole.text === own.text && whole.seed === own.seed);
    join((whole, own) => own.text !== null && whole.text === own.text);
    join((whole, own) => (own.text === null || whole.text === null) && whole.index === own.index);
    for (const { index, text, seed, samples } of left) {
      aligned.push({ index, text, seed, parts: new Map([[run.id, samples]]) });
    }
  }
  return numbered(aligned.sort((a, b) => a.index - b.index));
}

function promptsOf(run: string, samples: readonly SampleRow[]): Own[] {
  const found = new Map<string, Own>();
  const inTime = [...samples].sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
  for (const sample of inTime) {
    const index = sample.prompt ?? 0;
    const key = `${index} ${sample.text}`;
    const own = found.get(key) ?? { run, index, text: sample.text, seed: sample.seed, samples: [] };
    if (own.seed !== sample.seed) own.seed = null;
    own.samples.push(sample);
    found.set(key, own);
  }
  // Of samples whose words are not known, those of a prompt with one wording are of that wording.
  for (const [key, own] of found) {
    const others = [...found.values()].filter(({ index, text }) => index === own.index && text !== null);
    if (own.text !== null || others.length !== 1) continue;
    others[0]?.samples.push(...own.samples);
    found.delete(key);
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}

/** No two have one number: an address names a row by it. */
function numbered(prompts: AlignedPrompt[]): AlignedPrompt[] {
  const taken = new Set<number>();
  let next = Math.max(-1, ...prompts.map(({ index }) => index)) + 1;
  for (const prompt of prompts) {
    if (taken.has(prompt.index)) prompt.index = next++;
    taken.add(prompt.index);
  }
  return prompts;
}
