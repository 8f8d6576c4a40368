/** A family's history as programs get it, from the command line and from the server alike. */
import type { Run } from '../model/run.ts';
import type { FollowedSetting, History, HistoryEntry } from './history.ts';

export function historyDocument({ family, versions, attempts }: History) {
  return { family, versions: versions.map(versionOf), attempts: attempts.map(attemptOf) };
}

function versionOf({ run, from, changes, attempts }: HistoryEntry) {
  const { id, name, status, startedAt, endedAt, reason, verdict, verdictWhy, notes, diagnosis, progress } = run;
  return {
    id,
    name: name.full,
    version: name.version,
    status,
    startedAt,
    endedAt,
    imported: run.imported !== null,
    from: from?.id ?? null,
    changes,
    reason,
    step: progress?.step ?? null,
    loss: progress?.loss ?? null,
    diagnosis,
    verdict,
    verdictWhy,
    notes,
    attempts: attempts.map(attemptOf),
  };
}

function attemptOf({ id, name, status, startedAt, diagnosis }: Run) {
  return { id, name: name.full, status, startedAt, diagnosis };
}

/** One setting through the runs of a family. */
export function settingDocument(followed: readonly FollowedSetting[]) {
  return followed.map(({ run, value, source, guessed }) => ({
    id: run.id,
    name: run.name.full,
    startedAt: run.startedAt,
    status: run.status,
    value,
    known: source !== null,
    guessed,
    loss: run.progress?.loss ?? null,
    verdict: run.verdict,
  }));
}
