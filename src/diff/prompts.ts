import type { FileState } from '../model/facts.ts';
import { type Change, type Compared, change, type SamplePrompt } from './change.ts';
import { sameValue } from './value.ts';

/** Sample prompts field by field, and edits while a run trained. They draw samples and do not train. */
export function comparePrompts(a: Compared, b: Compared): Change[] {
  const partOf = [a, b].flatMap(promptFiles)[0]?.key ?? 'prompts';
  const parts = a.prompts && b.prompts ? compareLists(a.prompts, b.prompts, partOf) : [];
  return [...parts, ...compareEdits(a, b)];
}

function compareLists(before: readonly SamplePrompt[], after: readonly SamplePrompt[], partOf: string): Change[] {
  const longest = Math.max(before.length, after.length);
  return Array.from({ length: longest }, (_, at) => at).flatMap((at) => {
    const [left, right] = [before[at], after[at]];
    const subject = `prompts[${at}]`;
    const rest = { effective: false, partOf };
    if (left === undefined) return [change('prompts', 'added', subject, { ...rest, after: right as SamplePrompt })];
    if (right === undefined) return [change('prompts', 'removed', subject, { ...rest, before: left as SamplePrompt })];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((field) => {
      if (sameValue(left[field], right[field])) return [];
      const kind = left[field] === undefined ? 'added' : right[field] === undefined ? 'removed' : 'changed';
      const values = { before: left[field] ?? null, after: right[field] ?? null };
      return [change('prompts', kind, `${subject}.${field}`, { ...rest, ...values })];
    });
  });
}

function compareEdits(a: Compared, b: Compared): Change[] {
  const [before, after] = [editsOf(a), editsOf(b)];
  const contents = (edits: readonly FileState[]) => edits.map(({ sha256 }) => sha256).join();
  if (contents(before) === contents(after)) return [];
  const steps = [...before, ...after].flatMap(({ changed }) => changed?.step ?? []);
  return [
    change('prompts', 'changed', 'edits during the run', {
      before: before.length,
      after: after.length,
      effective: false,
      detail: steps.length > 0 ? `at step ${steps.join(', ')}` : null,
    }),
  ];
}

const promptFiles = ({ run }: Compared) => run.files.filter(({ role }) => role === 'prompts');
const editsOf = (side: Compared) => promptFiles(side).filter(({ changed }) => changed !== undefined);
