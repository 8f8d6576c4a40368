import type { FileRole, FileState } from '../model/facts.ts';
import { type Area, type Change, type Compared, change } from './change.ts';

/** How the detail of a change begins where the path is the same and what lies there is not. */
export const anotherContent = 'another content';

const areas: Readonly<Record<FileRole, Area>> = {
  config: 'config',
  'dataset-config': 'config',
  'dataset-metadata': 'dataset',
  prompts: 'prompts',
  script: 'script',
  trainer: 'code',
  accelerate: 'config',
  deepspeed: 'config',
  'base-model': 'model',
  vae: 'model',
  'network-weights': 'model',
  'text-encoder': 'model',
  'resume-state': 'model',
  other: 'config',
};

/** Files and directories that the configuration names, by what is in them. */
export function compareFiles(a: Compared, b: Compared): Change[] {
  const before = byRole(a);
  const after = byRole(b);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const left = before.get(key);
    const right = after.get(key);
    const present = (right ?? left)!;
    if (present.role === 'trainer' && (isInRepository(left, a) || isInRepository(right, b))) {
      return compareScripts(left, right);
    }
    const area = areas[present.role];
    const effective = acts(left, a) || acts(right, b);
    const subject = present.key ?? present.role;
    if (left === undefined || right === undefined) {
      const kind = left === undefined ? 'added' : 'removed';
      return [change(area, kind, subject, { before: shown(left), after: shown(right), effective })];
    }
    return compareFile(left, right, area, subject, effective);
  });
}

/** Of a prompts file that changed while the run trained, its state at launch. */
function byRole({ run }: Compared): Map<string, FileState> {
  const files = new Map<string, FileState>();
  const seen = new Map<string, number>();
  const paths = new Set<string>();
  for (const file of run.files) {
    const key = `${file.role} ${file.key}`;
    if (paths.has(`${key} ${file.path}`)) continue;
    paths.add(`${key} ${file.path}`);
    const place = seen.get(key) ?? 0;
    seen.set(key, place + 1);
    files.set(`${key} ${place}`, file);
  }
  return files;
}

/** A script's content is its repository's; here only whether it is another one. */
function compareScripts(a: FileState | undefined, b: FileState | undefined): Change[] {
  const [before, after] = [a, b].map((file) => file?.path.split('/').at(-1) ?? null);
  return before === after ? [] : [change('code', 'changed', 'script', { before: before!, after: after! })];
}

function isInRepository(file: FileState | undefined, { run }: Compared): boolean {
  return file !== undefined && run.repos.some(({ path }) => file.path.startsWith(`${path}/`));
}

function compareFile(a: FileState, b: FileState, area: Area, subject: string, effective: boolean): Change[] {
  const rest = { before: shown(a), after: shown(b), effective };
  const isMoved = a.path !== b.path;
  const renamed = isMoved ? [change(area, 'renamed', subject, { ...rest, effective: false })] : [];
  switch (isSame(a, b)) {
    case 'same':
      return renamed;
    case 'same-tensors':
      return [change(area, 'changed', subject, { ...rest, effective: false, detail: 'only its metadata differs' })];
    case 'different':
      return [change(area, 'changed', subject, { ...rest, detail: contentText(a, b, isMoved) })];
    case 'unknown':
      return [change(area, 'unknown', subject, { ...rest, detail: 'not hashed' })];
  }
}

function contentText(a: FileState, b: FileState, isMoved: boolean): string | null {
  const hashes = a.sha256 !== null && b.sha256 !== null ? `${a.sha256.slice(0, 10)} → ${b.sha256.slice(0, 10)}` : null;
  if (isMoved) return hashes;
  return hashes === null ? anotherContent : `${anotherContent}: ${hashes}`;
}

function isSame(a: FileState, b: FileState): 'same' | 'same-tensors' | 'different' | 'unknown' {
  if (a.kind === 'remote' || b.kind === 'remote') return a.kind === b.kind && a.path === b.path ? 'same' : 'different';
  if (a.kind !== b.kind) return 'different';
  if (a.kind === 'missing') return 'same';
  if (a.sha256 !== null && b.sha256 !== null) {
    if (a.sha256 === b.sha256) return 'same';
    const tensors = a.model?.tensorSha256 ?? null;
    return tensors !== null && tensors === b.model?.tensorSha256 ? 'same-tensors' : 'different';
  }
  const hub = a.model?.hub ?? null;
  if (hub !== null && hub === b.model?.hub) return 'same';
  return a.bytes !== null && b.bytes !== null && a.bytes !== b.bytes ? 'different' : 'unknown';
}

/** What names, starts or samples does not train; a configuration acts through its settings, if they were read. */
function acts(file: FileState | undefined, { run }: Compared): boolean {
  if (file === undefined) return false;
  switch (file.role) {
    case 'prompts':
    case 'script':
      return false;
    case 'config':
    case 'dataset-config':
    case 'accelerate':
      return file.kind === 'file' && !run.settings.some(({ source }) => source.file === file.path);
    default:
      return true;
  }
}

function shown(file: FileState | undefined): string | null {
  return file === undefined ? null : file.path;
}
