/** A fact of the journal in a line: its own names and numbers, and what the core tells of it. */
import type { Answer } from '../../../../src/api/index.ts';
import { valueText } from '../../lib/config-value.ts';
import { bytes, duration, integer, value } from '../../lib/format.ts';
import { baseName, shortPath } from '../../lib/paths.ts';

type Say = (text: string) => string;
type Fact = Answer<'journal'>['facts'][number];

/** @param say a sentence of the core in the page's language */
export function factText(fact: Fact, say: Say): string {
  return partsOf(fact, say)
    .filter((part) => part !== null && part !== undefined && part !== false && part !== '')
    .join(' · ');
}

/** What it is called in words. */
export function factKind(fact: Fact): string {
  return fact.type === 'note.changed' && fact.text === null ? 'note-withdrawn' : fact.type.replace('.', '-');
}

const place = (step: number | null, epoch: number | null, say: Say) =>
  step !== null ? say(`step ${integer(step)}`) : epoch !== null ? say(`epoch ${integer(epoch)}`) : null;

function partsOf(fact: Fact, say: Say): (string | null | undefined | false)[] {
  switch (fact.type) {
    case 'run.created':
      return [fact.name.full, fact.reason, fact.command.join(' ')];
    case 'arguments':
      return [fact.trainer, integer(fact.settings.length), fact.script && baseName(fact.script)];
    case 'outputs':
      return [fact.plan.outputDir, fact.plan.outputName];
    case 'repository': {
      const { name, head, branch, dirty, changedPaths } = fact.repository;
      return [name, head?.slice(0, 7), branch, dirty === true && `+${integer(changedPaths.length)}`];
    }
    case 'history':
      return [fact.head.slice(0, 7)];
    case 'file': {
      const { role, path, bytes: size, kind } = fact.file;
      return [say(role), shortPath(path), kind === 'file' ? bytes(size) : say(kind)];
    }
    case 'dataset': {
      const { roots, images, captions, bytes: size } = fact.dataset;
      return [
        roots.map(({ path }) => baseName(path)).join(', '),
        `${integer(images)} + ${integer(captions)}`,
        bytes(size),
      ];
    }
    case 'dataset.told':
      return [baseName(fact.told.by)];
    case 'environment': {
      const { python, torch, gpus, os } = fact.environment;
      return [python && `Python ${python}`, torch && `torch ${torch}`, gpus.map(({ name }) => name).join(', '), os];
    }
    case 'captured':
      return [`${integer(fact.milliseconds)} ms`];
    case 'started':
      return [`pid ${(fact.trainer ?? fact.waiter).pid}`];
    case 'confirmed':
      return [
        fact.key,
        fact.predicted !== null && fact.predicted !== fact.actual && valueText(fact.predicted),
        valueText(fact.actual),
      ];
    case 'artifact': {
      const { kind, path, step, epoch, bytes: size } = fact.artifact;
      return [say(kind), baseName(path), place(step, epoch, say), bytes(size)];
    }
    case 'resumed':
      return [baseName(fact.state), place(fact.step, fact.epoch, say)];
    case 'event-file':
    case 'preview':
    case 'kept':
    case 'artifact.restored':
    case 'artifact.deleted':
      return [baseName(fact.path)];
    case 'artifact.removed':
      return [baseName(fact.path), say(fact.reason), bytes(fact.bytes)];
    case 'star':
      return [fact.starred ? '★' : '☆', place(fact.step, fact.epoch, say)];
    case 'blind-test':
      return [`${integer(fact.won)} : ${integer(fact.lost)} : ${integer(fact.ties)}`];
    case 'layout':
      return [shortPath(fact.directory), fact.files.join(', ')];
    case 'warning':
      return [say(fact.warning.message)];
    case 'event':
      return [say(fact.event.message)];
    case 'notified':
      return [fact.notified.receiver, say(fact.notified.outcome), say(fact.notified.detail)];
    case 'series':
      return [fact.series.map(({ tag }) => tag).join(', ')];
    case 'machine':
      return [
        fact.machine.gpuHours !== null && `${value(fact.machine.gpuHours)} GPU h`,
        bytes(fact.machine.memoryPeak),
      ];
    case 'ended': {
      const seconds = fact.startedAt ? (Date.parse(fact.endedAt) - Date.parse(fact.startedAt)) / 1000 : null;
      return [
        say(fact.status),
        fact.signal ?? (fact.exitCode === null ? null : say(`exit ${fact.exitCode}`)),
        seconds !== null && seconds >= 0 && duration(seconds),
        fact.diagnosis && say(fact.diagnosis.message),
      ];
    }
    case 'output.removed':
      return [shortPath(fact.from), say(fact.reason), bytes(fact.bytes)];
    case 'output.kept':
      return [shortPath(fact.directory), say(fact.reason)];
    case 'output.restored':
      return [shortPath(fact.to)];
    case 'output.deleted':
      return [say(fact.reason)];
    case 'note':
    case 'note.changed':
      return [fact.text];
    case 'tags':
      return [...fact.add.map((tag) => `+${tag}`), ...fact.remove.map((tag) => `−${tag}`)];
    case 'verdict':
      return [fact.verdict ?? '–', fact.why];
    default:
      return [];
  }
}
