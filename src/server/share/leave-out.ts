/** What of an answer is kept where parts of it are left out. */
import type { Answer } from '../../api/routes.ts';
import type { SharedPair, SharedPart, SharedRun } from '../../api/shared-site.ts';
import type { Change } from '../../diff/change.ts';
import type { DatasetTold } from '../../model/facts.ts';
import type { MadeArtifact, Run } from '../../model/run.ts';
import { leftOutMark } from './cleanse.ts';
import { isNaming } from './identity.ts';

export type Without = ReadonlySet<SharedPart>;

const isPromptKey = (key: string) => /prompt/i.test(key);

/** Which machine, whose account: no part of what made a difference. */
const namesWho = ({ area, subject }: Pick<Change, 'area' | 'subject'>) =>
  (area === 'hardware' || area === 'environment') && isNaming(subject);

export function withoutParts(changes: readonly Change[], without: Without): Change[] {
  return changes.flatMap((change) => {
    const { area, subject, partOf } = change;
    if (namesWho(change)) return [];
    if (area === 'code' && without.has('code') && partOf !== null) return [];
    const isPrompt = without.has('prompts') && (area === 'prompts' || isPromptKey(subject));
    const isCaption = without.has('captions') && area === 'dataset' && (partOf === 'captions' || partOf === 'images');
    if (isCaption && subject.startsWith('caption ')) return [];
    return isPrompt || isCaption ? [{ ...change, before: null, after: null, detail: leftOutMark }] : [change];
  });
}

function runWithout(run: Run, without: Without): Run {
  return {
    ...run,
    artifacts: run.artifacts
      .filter(({ kind }) => kind !== 'sample' || !without.has('samples'))
      .map((made) => (without.has('prompts') ? withoutPrompt(made) : made)),
    settings: run.settings.filter(({ key }) => !without.has('prompts') || !isPromptKey(key)),
    datasetTold: run.datasetTold && without.has('captions') ? withoutTags(run.datasetTold) : run.datasetTold,
    // Who was told of it, and by which service.
    notified: [],
  };
}

/** Generators write the prompt into the picture too. */
function withoutPrompt({ prompted: _, image, ...made }: MadeArtifact): MadeArtifact {
  if (!image) return made;
  const { texts: _texts, ...pixels } = image;
  return { ...made, image: pixels };
}

const withoutTags = (told: DatasetTold): DatasetTold => ({
  ...told,
  folders: told.folders.map((folder) => ({ ...folder, tags: null })),
});

export function answersWithout(answers: SharedRun, without: Without): SharedRun {
  const { journal, listFiles, listCode, listSamples, readDataset } = answers;
  // Facts tell what was there in many ways: with a part left out there is no journal.
  const facts = without.size === 0 ? journal.facts.filter(({ type }) => type !== 'notified') : [];
  const files = listFiles.files.map((file) => ({ ...file, kept: file.kept && isShownFile(file.role, without) }));
  const samples = without.has('samples') ? [] : listSamples.samples;
  return {
    ...answers,
    showRun: runWithout(answers.showRun, without),
    journal: { facts, total: facts.length, unreadable: without.size === 0 ? journal.unreadable : 0 },
    listFiles: { files },
    listCode: without.has('code') ? { repos: [] } : listCode,
    listSamples: { samples: without.has('prompts') ? samples.map((each) => ({ ...each, text: null })) : samples },
    readDataset: without.has('captions') ? { ...readDataset, tags: [] } : readDataset,
  };
}

export function pairWithout({ diff, diffCode }: SharedPair, without: Without): SharedPair {
  return {
    diff: { ...diff, changes: diff.changes && withoutParts(diff.changes, without) },
    diffCode: without.has('code') ? { repos: [] } : diffCode,
  };
}

export function rowsWithout(rows: Answer<'diff'>['rows'], without: Without): Answer<'diff'>['rows'] {
  return rows.filter(({ area, subject }) => {
    if (namesWho({ area, subject })) return false;
    if (without.has('prompts') && (area === 'prompts' || isPromptKey(subject))) return false;
    return !(without.has('captions') && area === 'dataset' && subject.startsWith('caption '));
  });
}

/** A file whose text may hold what is left out is known by its hash only. */
export function isShownFile(role: string, without: Without): boolean {
  return !(role === 'prompts' && without.has('prompts'));
}

/** The same of a file of a repository. */
export function isShownCode(path: string, without: Without): boolean {
  if (without.has('code')) return false;
  const isCaption = without.has('captions') && /\.(?:txt|caption|cap)$/i.test(path);
  return !isCaption && !(without.has('prompts') && /prompt/i.test(path));
}

export function settingsWithout<T>(settings: Record<string, T>, without: Without): Record<string, T> {
  const kept = Object.entries(settings).filter(([key]) => !without.has('prompts') || !isPromptKey(key));
  return Object.fromEntries(kept);
}
