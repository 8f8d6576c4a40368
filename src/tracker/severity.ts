import type { FileState, Warning } from '../model/facts.ts';
import type { Finding, Severity } from '../trainers/trainer.ts';
import type { FamilyComparison } from './compare-family.ts';
import type { PreparedRun } from './prepare-run.ts';

/** The trainer would end before it trains. */
const fatal = new Set([
  'bad-argument',
  'config-missing',
  'config-unreadable',
  'config-refused',
  'conflicting-settings',
  'dataset-empty',
  'dataset-missing',
  'dataset-not-directory',
  'file-missing',
  'file-unreadable',
  'no-such-command',
  'no-such-interpreter',
  'not-executable',
  'unknown-dataset-setting',
  'wrong-choice',
]);

/** Without these it trains all the same. */
const dispensable = new Set<FileState['role']>(['prompts', 'script', 'other']);

/** Warnings with their severity, the gravest first; a missing file is told once, by the setting that names it. */
export function gradeWarnings(warnings: readonly Warning[], files: readonly FileState[]): Finding[] {
  const missing = files.filter(({ kind }) => kind === 'missing').map(({ path }) => path);
  return warnings
    .filter(({ code, message }) => code !== 'config-missing' || !missing.some((path) => message.startsWith(`${path} `)))
    .map((warning) => ({ severity: severityOf(warning, files), ...warning }))
    .sort(byGravity);
}

/** All that is said of a run, the gravest first: its warnings, and what the rules say once earlier checkpoints are known. */
export function findingsOf(
  { checked, warnings }: Pick<PreparedRun, 'checked' | 'warnings'>,
  family: Pick<FamilyComparison, 'run' | 'checkpointBytes'>,
): Finding[] {
  const ruled = checked?.trainer.checks({ ...checked.subject, checkpointBytes: family.checkpointBytes }) ?? [];
  const isRuled = new Set(checked?.findings.map(({ code }) => code));
  const told = gradeWarnings(
    warnings.filter(({ code }) => !isRuled.has(code)),
    family.run.files,
  );
  return [...told, ...ruled].sort(byGravity);
}

function severityOf({ code, message }: Warning, files: readonly FileState[]): Severity {
  if (!fatal.has(code)) return 'warning';
  const isDispensable = files.some(({ role, path }) => dispensable.has(role) && message.startsWith(`${path},`));
  return isDispensable ? 'warning' : 'error';
}

/** Within one severity: what spoils a training or its results before what only misleads. */
const gravest = [
  'not-recorded',
  'disk-short',
  'would-overwrite',
  'captions-not-read',
  'captions-missing',
  'unknown-setting',
  'wrong-type',
];

const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** Orders by gravity; equals keep their order. */
export function byGravity(a: { severity: Severity; code: string }, b: { severity: Severity; code: string }): number {
  const place = ({ code }: { code: string }) => {
    const index = gravest.indexOf(code);
    return index < 0 ? gravest.length : index;
  };
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || place(a) - place(b);
}
