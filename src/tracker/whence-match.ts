import type { MadeFile } from '../catalog/made.ts';
import type { RunId } from '../model/run-id.ts';
import type { Clues } from './whence-clues.ts';

/** `certain`: the bytes are those that the run made. `likely`: the file says so. `guess`: only a name does. */
export type Sureness = 'certain' | 'likely' | 'guess';

/** By what a file was led to its run. */
export type Ground = 'tensor-hash' | 'file-hash' | 'claimed-hash' | 'session' | 'hash-prefix' | 'name';

/** Where a file comes from; all null where no run is known. */
export interface Origin {
  run: { id: RunId; name: string } | null;
  step: number | null;
  epoch: number | null;
  /** The last one, saved when training ended. */
  final: boolean | null;
  /** Where the run made it. */
  madeAs: string | null;
  ground: Ground | null;
  sure: Sureness | null;
  /** In words. */
  why: string;
  /** Other runs that it may come from, on the same ground. */
  others: { id: RunId; name: string }[];
}

export interface KnownRuns {
  /** Files that runs made, the latest run first. */
  made: {
    all: readonly MadeFile[];
    byTensors: ReadonlyMap<string, MadeFile[]>;
    bySha256: ReadonlyMap<string, MadeFile[]>;
    byClaim: ReadonlyMap<string, MadeFile[]>;
    bySession: ReadonlyMap<string, MadeFile[]>;
    byName: ReadonlyMap<string, MadeFile[]>;
  };
  runs: ReadonlyMap<RunId, { name: string; startedAt: string; endedAt: string | null }>;
}

/** Clocks of two machines, and a run that is attached to late. */
const tolerance = 15 * 60_000;

export function answerOf(clues: Clues, known: KnownRuns): Origin {
  const { byTensors, bySha256, byClaim, bySession, byName } = known.made;
  const found = (ground: Ground, sure: Sureness, why: string, files: readonly MadeFile[] | undefined) =>
    files && files.length > 0 ? origin(ground, sure, why, preferred(files, clues), known) : null;
  const session = clues.session?.id ? ofSession(bySession.get(clues.session.id) ?? [], clues, known) : [];
  const hashed = clues.tensorSha256 !== null;
  return (
    found(
      'tensor-hash',
      'certain',
      'its tensors are those that the run saved',
      byTensors.get(clues.tensorSha256 ?? ''),
    ) ??
    found(
      'file-hash',
      'certain',
      'it is the file that the run wrote, byte for byte',
      bySha256.get(clues.sha256 ?? ''),
    ) ??
    found(
      'tensor-hash',
      'certain',
      'its tensors have the hash that the trainer wrote into the model that the run saved',
      byClaim.get(clues.tensorSha256 ?? ''),
    ) ??
    (hashed && !clues.unverifiable
      ? null
      : found(
          'claimed-hash',
          'likely',
          hashed
            ? 'its header claims the hash that LyCORIS wrote into the model that the run saved'
            : 'its header claims the hash of tensors that the run saved; they were not read',
          clues.claimed === null ? undefined : (byTensors.get(clues.claimed) ?? byClaim.get(clues.claimed)),
        )) ??
    found(
      'session',
      'likely',
      hashed
        ? 'its header names the session of the run; its tensors are none that were recorded: resized, merged, converted, or saved unseen'
        : 'its header names the session of the run; its tensors were not read',
      session,
    ) ??
    found(
      'name',
      isTimed(clues) ? 'likely' : 'guess',
      isTimed(clues)
        ? 'its name, with the second in which it was drawn, is one that the run gave'
        : 'only its name is one that the run gave',
      clues.kind === 'render' ? undefined : byName.get(clues.name)?.filter((file) => couldBe(file, clues)),
    ) ?? {
      ...nothing,
      why: clues.kind === 'render' ? 'a render' : 'no run that is recorded here made it',
    }
  );
}

/** A LoRA that a render names: by the first digits of its hash, else by its name. */
export function originOf(lora: { name: string; hash: string | null }, known: KnownRuns): Origin {
  const { hash } = lora;
  if (hash !== null) {
    const begins = (digits: string | null) => digits?.startsWith(hash) === true;
    const files = known.made.all.filter(
      (file) => begins(file.tensorSha256) || begins(file.sha256) || begins(file.claimedSha256),
    );
    if (files.length > 0) {
      const why = `the render names ${hash.length} digits of its hash`;
      return origin('hash-prefix', hash.length >= 10 ? 'certain' : 'likely', why, files, known);
    }
  }
  const named = known.made.byName.get(`${lora.name}.safetensors`)?.filter(({ kind }) => kind === 'checkpoint') ?? [];
  if (named.length === 0) return { ...nothing, why: 'no run that is recorded here made it' };
  const why =
    hash === null ? 'only its name is one that the run gave' : 'its name is one that the run gave, its hash is not';
  return origin('name', 'guess', why, named, known);
}

const nothing: Origin = {
  run: null,
  step: null,
  epoch: null,
  final: null,
  madeAs: null,
  ground: null,
  sure: null,
  why: '',
  others: [],
};

function origin(ground: Ground, sure: Sureness, why: string, files: readonly MadeFile[], known: KnownRuns): Origin {
  const [best] = files as [MadeFile, ...MadeFile[]];
  const named = (id: RunId) => ({ id, name: known.runs.get(id)?.name ?? id });
  const others = [...new Set(files.map(({ run }) => run))].filter((id) => id !== best.run);
  return {
    run: named(best.run),
    step: best.step,
    epoch: best.epoch,
    final: best.final,
    madeAs: best.path,
    ground,
    sure,
    why,
    others: others.map(named),
  };
}

/** A sample's name has prompt, step and second, and mostly a seed: none is given twice. */
function isTimed({ kind, name }: Clues): boolean {
  return kind === 'image' && /_\d{2,9}_\d{14}(?:_-?\d+)?\.png$/.test(name);
}

/** Of several files that answer, the one whose session, step and name are the file's comes first. */
function preferred(files: readonly MadeFile[], { session, step, name }: Clues): MadeFile[] {
  const points = (file: MadeFile) =>
    (session?.id && file.sessionId === session.id ? 4 : 0) +
    (file.name === name ? 2 : 0) +
    (step !== null && file.step === step ? 1 : 0);
  return files.toSorted((a, b) => points(b) - points(a));
}

/** A session's id is 32 bits of chance: the hour of its beginning must lie in the run. The file's step comes first. */
function ofSession(files: readonly MadeFile[], clues: Clues, known: KnownRuns): MadeFile[] {
  const began = Date.parse(clues.session?.startedAt ?? '');
  const within = files.filter(({ run }) => {
    const times = known.runs.get(run);
    if (!times || Number.isNaN(began)) return true;
    const end = times.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(times.endedAt);
    return began >= Date.parse(times.startedAt) - tolerance && began <= end + tolerance;
  });
  // A step that was never seen is the file's own word.
  if (clues.step === null || within.some(({ step }) => step === clues.step)) return within;
  return within.map((file) => ({ ...file, step: clues.step, epoch: null, final: false }));
}

/** A name is no ground against what is known: another session, or bytes that were hashed and differ. */
function couldBe(file: MadeFile, { session, tensorSha256, sha256, kind }: Clues): boolean {
  if (session?.id && file.sessionId !== null && file.sessionId !== session.id) return false;
  if (kind === 'model' && tensorSha256 !== null && file.tensorSha256 !== null && session?.id) return false;
  return !(kind === 'image' && sha256 !== null && file.sha256 !== null && file.kind !== 'sample');
}
