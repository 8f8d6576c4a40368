import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OutputListing } from '../follow/outputs.ts';
import type { DatasetState, Warning } from '../model/facts.ts';
import type { CheckSubject, Finding, Trainer } from '../trainers/trainer.ts';
import type { Inputs } from './capture-inputs.ts';
import type { Identified } from './identify.ts';

/** What the trainer's rules say of a run before its start; told again once more is known. */
export interface CheckedInputs {
  trainer: Trainer;
  subject: CheckSubject;
  findings: Finding[];
}

export async function checkInputs(
  { trainer, effective, outputs }: Identified,
  inputs: Pick<Inputs, 'captured' | 'files'>,
  listing: OutputListing,
  warnings: readonly Warning[],
): Promise<CheckedInputs> {
  const subject: CheckSubject = {
    settings: effective.settings,
    outputs,
    files: inputs.files,
    dataset: inputs.captured.facts.reduce<DatasetState | null>(
      (last, fact) => (fact.type === 'dataset' ? fact.dataset : last),
      null,
    ),
    standing: Object.entries(listing.outputs).map(([path, { name, stamp }]) => {
      return { path, name, bytes: Number(stamp.size) };
    }),
    freeBytes: outputs.outputDir === null ? null : await freeBytes(outputs.outputDir),
    checkpointBytes: null,
    warnings,
  };
  return { trainer, subject, findings: trainer.checks(subject) };
}

/** As a record keeps it: what deserves more than a note. */
export function warningsOf(findings: readonly Finding[]): Warning[] {
  return findings
    .filter(({ severity }) => severity !== 'note')
    .map(({ code, message, hint }) => ({ code, message, hint }));
}

/** Of the directory, or of the nearest above it that exists. */
async function freeBytes(directory: string): Promise<number | null> {
  for (let path = directory; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch {
      if (path === dirname(path)) return null;
    }
  }
}
