/** Which prompt a sample was made with: that of its number in the file that was in force when it was made. */
import type { ConfigValue, FileState } from '../../model/facts.ts';
import type { ObjectStore } from '../../model/ports.ts';
import type { MadeArtifact, Prompted, Run } from '../../model/run.ts';
import { readPrompts } from '../read-prompts.ts';

type Fields = Record<string, ConfigValue>;

/** Gives the samples of a run their prompts, as far as a version of the prompts file is kept. */
export async function addPrompts(run: Run, objects: Pick<ObjectStore, 'get'>): Promise<void> {
  const samples = run.artifacts.filter(({ kind }) => kind === 'sample');
  if (samples.length === 0) return;
  const versions = run.files.filter(({ role }) => role === 'prompts').sort(byTime);
  const read = new Map<FileState, Fields[] | null>();
  for (const [, together] of Map.groupBy(samples, ({ step, epoch }) => `${step} ${epoch}`)) {
    const version = inForce(versions, firstOf(together));
    if (version && !read.has(version)) read.set(version, await readPrompts(version, objects));
    const prompts = (version && read.get(version)) ?? [];
    for (const sample of together) {
      const fields = sample.prompt === null ? undefined : prompts[sample.prompt];
      const found = fields && version ? ofFields(fields, sample, version) : ofImage(sample);
      if (found)
        sample.prompted = { ...found, ...(run.imported && found.version && { certainty: 'guessed' as const }) };
    }
  }
}

/** A trainer reads the file once for all samples of a step, before it makes the first. */
function firstOf(samples: readonly MadeArtifact[]): string | null {
  const times = samples.flatMap(({ modifiedAt }) => modifiedAt ?? []);
  return times.sort()[0] ?? null;
}

const writtenAt = ({ changed }: FileState) => changed?.modifiedAt ?? changed?.at ?? '';
const byTime = (a: FileState, b: FileState) => (writtenAt(a) < writtenAt(b) ? -1 : 1);

/** The version that stands at launch counts as older than any. */
function inForce(versions: readonly FileState[], at: string | null): FileState | null {
  if (at === null) return versions[0] ?? null;
  return versions.findLast((version) => writtenAt(version) <= at) ?? null;
}

function ofFields(fields: Fields, { seed }: MadeArtifact, version: FileState): Prompted {
  const number = (key: string) => (typeof fields[key] === 'number' ? fields[key] : null);
  const text = (key: string) => (typeof fields[key] === 'string' ? fields[key] : null);
  return {
    prompt: text('prompt'),
    negative: text('negative_prompt'),
    width: number('width'),
    height: number('height'),
    steps: number('sample_steps'),
    scale: number('scale') ?? number('guidance_scale'),
    sampler: text('sample_sampler'),
    seed: number('seed') ?? seed,
    by: 'prompts',
    ...(version.sha256 !== null && { version: version.sha256 }),
  };
}

/** What A1111's convention tells: the prompt, then `Negative prompt: …`, then `Steps: 20, …`. */
function ofImage({ image, seed }: MadeArtifact): Prompted | null {
  const text = image?.texts?.parameters;
  if (text === undefined) return null;
  const [, prompt = '', negative, rest = ''] =
    /^(.*?)(?:\nNegative prompt: (.*?))?(?:\n(Steps: [^\n]*))?$/s.exec(text) ?? [];
  const told = (name: string) => new RegExp(`\\b${name}: ([^,]+)`).exec(rest)?.[1] ?? null;
  const number = (value: string | null) => (value !== null && /^[\d.]{1,20}$/.test(value) ? Number(value) : null);
  return {
    prompt,
    negative: negative ?? null,
    width: image?.width ?? null,
    height: image?.height ?? null,
    steps: number(told('Steps')),
    scale: number(told('CFG scale')),
    sampler: told('Sampler'),
    seed: number(told('Seed')) ?? seed,
    by: 'image',
  };
}
