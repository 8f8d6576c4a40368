import type { Fact, FactOf, FileState } from './facts.ts';
import { FoldedArtifacts } from './fold-artifacts.ts';
import { FoldedNotes } from './fold-notes.ts';
import type { RecordedRun, Repo, Run } from './run.ts';
import type { RunId } from './run-id.ts';
import { runIdTime } from './run-id.ts';
import { familyOf, parseRunName } from './run-name.ts';

/**
 * What the facts of one run tell together. Later facts of the same subject replace earlier ones, so
 * that a fact written twice (a crash between append and clean-up) changes nothing; an unknown type is
 * passed over. A run without `run.created` (its first line was lost) still has an id and a time.
 */
export function foldFacts(id: RunId, facts: readonly Fact[], unreadable = 0): RecordedRun {
  const run = emptyRun(id);
  const recorded: RecordedRun = {
    run,
    waiter: null,
    captured: false,
    unreadable,
    mode: 'attached',
    outputDirExisted: false,
    clean: null,
    keep: null,
    placed: new Map(),
    outputs: null,
    eventFiles: [],
    spoor: 'unknown',
  };
  const subjects: Subjects = {
    repos: new Map(),
    kept: new Set(),
    files: new Map(),
    artifacts: new FoldedArtifacts(),
    notes: new FoldedNotes(),
    told: new Set(),
  };
  const tags = new Set<string>();
  for (const fact of facts) {
    if (fact.type === 'tags') {
      for (const tag of fact.add) tags.add(tag);
      for (const tag of fact.remove) tags.delete(tag);
    } else if (fact.type === 'run.created') {
      for (const tag of fact.tags) tags.add(tag);
      created(recorded, fact);
    } else {
      apply(recorded, subjects, fact);
    }
  }
  run.tags = [...tags].sort();
  run.repos = [...subjects.repos.values()].map((repo) => ({ ...repo, history: hasHistory(repo, subjects.kept) }));
  run.files = [...subjects.files.values()];
  run.artifacts = subjects.artifacts.all();
  run.stars = subjects.artifacts.stars();
  run.notes = subjects.notes.all();
  run.family = familyOf(run.name, run.dataset?.roots[0]?.path ?? null);
  return recorded;
}

interface Subjects {
  repos: Map<string, Repo>;
  kept: Set<string>;
  files: Map<string, FileState>;
  artifacts: FoldedArtifacts;
  notes: FoldedNotes;
  /** Warnings already told, as one text each. */
  told: Set<string>;
}

function emptyRun(id: RunId): Run {
  return {
    id,
    name: { full: id, model: null, dataset: null, version: null, steps: null },
    family: id,
    status: 'running',
    exitCode: null,
    signal: null,
    reason: null,
    parent: null,
    resumed: null,
    startedAt: new Date(runIdTime(id)).toISOString(),
    endedAt: null,
    late: null,
    imported: null,
    command: [],
    cwd: '',
    host: '',
    outputDir: null,
    trainer: null,
    wrappers: [],
    settings: [],
    repos: [],
    files: [],
    dataset: null,
    datasetTold: null,
    environment: null,
    diagnosis: null,
    artifacts: [],
    stars: [],
    blindTests: [],
    progress: null,
    series: [],
    machine: null,
    notes: [],
    tags: [],
    verdict: null,
    verdictWhy: null,
    cleaned: null,
    events: [],
    notified: [],
    warnings: [],
  };
}

function created(recorded: RecordedRun, fact: FactOf<'run.created'>): void {
  const { run } = recorded;
  // Read anew: a later Spoor understands more names.
  run.name = parseRunName(fact.name.full);
  run.command = fact.command;
  run.cwd = fact.cwd;
  run.host = fact.host;
  run.outputDir = fact.outputDir;
  run.trainer = fact.trainer;
  run.reason = fact.reason;
  run.parent = fact.parent;
  run.late = fact.late ?? null;
  if (fact.imported) {
    // The fact's own host is where it was imported.
    run.host = fact.imported.host ?? '';
    run.imported = { ...fact.imported, at: fact.at };
  }
  recorded.mode = fact.mode;
  recorded.outputDirExisted = fact.outputDirExisted;
  recorded.spoor = fact.spoor;
  recorded.clean = fact.clean ?? null;
  recorded.keep = fact.keep ?? null;
}

function apply(recorded: RecordedRun, subjects: Subjects, fact: Fact): void {
  const { run } = recorded;
  switch (fact.type) {
    case 'arguments':
      run.settings = fact.settings;
      run.wrappers = fact.wrappers;
      break;
    case 'outputs':
      recorded.outputs = { plan: fact.plan, before: fact.before };
      break;
    case 'repository':
      subjects.repos.set(fact.repository.path, { ...fact.repository, history: false });
      break;
    case 'history':
      if (fact.kept) subjects.kept.add(`${fact.code} ${fact.head}`);
      break;
    case 'file':
      subjects.files.set(`${fact.file.role} ${fact.file.path} ${versionOf(fact.file)}`, fact.file);
      break;
    case 'dataset':
      run.dataset = fact.dataset;
      break;
    case 'dataset.told':
      run.datasetTold = fact.told;
      break;
    case 'environment':
      run.environment = fact.environment;
      break;
    case 'captured':
      recorded.captured = true;
      break;
    case 'started':
      recorded.waiter = fact.waiter;
      break;
    case 'confirmed':
      confirm(run, fact);
      break;
    case 'resumed': {
      const { state, run: writer, step, epoch } = fact;
      run.resumed = { state, run: writer, step, epoch };
      break;
    }
    case 'event-file':
      if (!recorded.eventFiles.includes(fact.path)) recorded.eventFiles.push(fact.path);
      break;
    case 'artifact':
    case 'preview':
    case 'kept':
    case 'star':
    case 'artifact.removed':
    case 'artifact.restored':
    case 'artifact.deleted':
      subjects.artifacts.take(fact);
      break;
    case 'blind-test': {
      const { against, won, lost, ties, test, at } = fact;
      run.blindTests.push({ against, won, lost, ties, at, ...(test === undefined ? {} : { test }) });
      break;
    }
    case 'layout':
      for (const [name, entry] of Object.entries(fact.placed ?? {})) recorded.placed.set(name, entry);
      break;
    case 'output.removed': {
      const { at, from: directory, to: trash, reason, files, bytes } = fact;
      run.cleaned = { state: 'removed', at, directory, trash, reason, files, bytes };
      break;
    }
    case 'output.kept': {
      const { at, directory, reason } = fact;
      run.cleaned = { state: 'kept', at, directory, trash: null, reason, files: null, bytes: null };
      break;
    }
    case 'output.restored':
    case 'output.deleted':
      if (run.cleaned) {
        const state = fact.type === 'output.restored' ? 'restored' : 'deleted';
        run.cleaned = { ...run.cleaned, state, at: fact.at, trash: null };
      }
      break;
    case 'warning': {
      const text = JSON.stringify(fact.warning);
      if (!subjects.told.has(text)) run.warnings.push(fact.warning);
      subjects.told.add(text);
      break;
    }
    case 'event':
      if (!run.events.some(({ key }) => key === fact.event.key)) run.events.push({ ...fact.event, at: fact.at });
      break;
    case 'notified':
      run.notified.push({ ...fact.notified, at: fact.at });
      break;
    case 'series':
      run.series = fact.series;
      break;
    case 'machine':
      run.machine = fact.machine;
      break;
    case 'ended':
      run.status = fact.status;
      run.exitCode = fact.exitCode;
      run.signal = fact.signal;
      run.startedAt = fact.startedAt ?? run.startedAt;
      run.endedAt = fact.endedAt;
      run.progress = fact.progress;
      run.diagnosis = fact.diagnosis;
      break;
    case 'note':
    case 'note.changed':
      subjects.notes.take(fact);
      break;
    case 'verdict':
      run.verdict = fact.verdict;
      run.verdictWhy = fact.why;
      break;
  }
}

/** Prompts are recorded anew when they change: each time is a version of its own, also where an old one came back. */
function versionOf({ role, sha256, kind, changed }: FileState): string {
  return role === 'prompts' ? `${sha256 ?? kind} ${changed?.modifiedAt ?? changed?.at ?? ''}` : '';
}

function confirm(run: Run, fact: FactOf<'confirmed'>): void {
  const setting = run.settings.find((each) => each.key === fact.key);
  const source = { kind: 'confirmed' as const, file: fact.by };
  if (!setting) {
    run.settings.push({ key: fact.key, value: fact.actual, source, effective: true, known: true });
    return;
  }
  if (JSON.stringify(setting.value) === JSON.stringify(fact.actual)) return;
  setting.shadowed = [{ value: setting.value, source: setting.source }, ...(setting.shadowed ?? [])];
  setting.value = fact.actual;
  setting.source = source;
}

function hasHistory(repo: Repo, kept: Set<string>): boolean {
  return repo.head !== null && repo.code !== null && kept.has(`${repo.code} ${repo.head}`);
}
