/** Event files find their training by time: theirs, and that of the session in a model's header. */
import { dirname, relative } from 'node:path';
import { readEventFileName } from '../../trainers/log/event-file.ts';
import type { FoundFile } from './find-files.ts';
import { type EventFile, emptyTraining, type Training, type TrainingIndex } from './training.ts';

/** Writers are opened after the session begins; clocks of hosts differ. */
const slackMs = 5_000;
/** Where the header does not say when training ended. */
const longestTraining = 30 * 24 * 3_600_000;

function eventFile(file: FoundFile): EventFile {
  return { ...file, ...(readEventFileName(file.name) ?? { createdAt: 0, host: null, pid: null }) };
}

/** Gives each event file to a training, or makes one of those of one process that nothing else tells of. */
export function attachEvents(files: readonly FoundFile[], index: TrainingIndex): void {
  const processes = Map.groupBy(files.map(eventFile), ({ host, pid, path }) =>
    pid === null ? path : `${host} ${pid}`,
  );
  const timed = index.all.filter(({ startedAt }) => startedAt !== null);
  for (const group of processes.values()) {
    for (const events of apart(group)) {
      const found = ownerOf(events[0]!, timed);
      if (found) found.events.push(...events);
      else index.add(ofEvents(events));
    }
  }
}

/** A pid comes again in another boot or container. */
function apart(events: readonly EventFile[]): EventFile[][] {
  const sorted = events.toSorted((a, b) => a.createdAt - b.createdAt);
  const groups: EventFile[][] = [];
  for (const each of sorted) {
    const last = groups.at(-1);
    const first = last?.[0];
    if (first && rootOf(first) === rootOf(each)) last.push(each);
    else groups.push([each]);
  }
  return groups;
}

function ownerOf(event: EventFile, trainings: readonly Training[]): Training | null {
  const inTime = trainings.filter(({ startedAt, finishedAt }) => {
    const end = finishedAt ?? startedAt! + longestTraining;
    return event.createdAt >= startedAt! - slackMs && event.createdAt <= end + slackMs;
  });
  const near = (each: Training) => relative(each.directory, event.directory).split('/').length;
  return inTime.sort((a, b) => near(a) - near(b) || b.startedAt! - a.startedAt!)[0] ?? null;
}

function ofEvents(events: EventFile[]): Training {
  const { createdAt } = events[0]!;
  return { ...emptyTraining('event-file', rootOf(events[0]!)), events, startedAt: createdAt };
}

/** The training's own directory, above `logs/<prefix><time>/network_train`. */
function rootOf({ directory }: EventFile): string {
  let root = directory;
  if (/\/[^/]*\d{14}\/[^/]+$/.test(root)) root = dirname(dirname(root));
  else if (/\/[^/]*\d{14}$/.test(root)) root = dirname(root);
  return /\/(?:logs?|tensorboard|tb|runs)$/i.test(root) ? dirname(root) : root;
}
