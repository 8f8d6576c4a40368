import type { EnvironmentState, PythonPackage } from '../model/facts.ts';
import { type Area, type Change, type Compared, change } from './change.ts';
import { sameValue } from './value.ts';

/** They install packages and have no part in what those do. */
const installers = new Set(['pip', 'setuptools', 'wheel', 'uv']);

/** Variables that only say where an environment lies: what is in it is compared. */
const placing = new Set(['CONDA_PREFIX', 'CONDA_DEFAULT_ENV', 'VIRTUAL_ENV', 'UV_PROJECT_ENVIRONMENT']);

/** Python and its packages, variables, and the hardware. What one side does not know is unknown. */
export function compareEnvironments(a: Compared, b: Compared): Change[] {
  const before = a.run.environment;
  const after = b.run.environment;
  if (before === null && after === null) return [];
  if (before === null || after === null) {
    return [change('environment', 'unknown', 'environment', { detail: 'it was not recorded' })];
  }
  const changes: Change[] = [];
  const value = (area: Area, subject: string, of: Of, effective = true, isOptional = false) => {
    const [left, right] = [of(before), of(after)];
    if (left === right) return;
    const kind = isOptional ? kindOf(left, right) : left === null || right === null ? 'unknown' : 'changed';
    changes.push(change(area, kind, subject, { before: left, after: right, effective }));
  };
  value('environment', 'python', ({ python }) => python);
  if (!hasPackages(before) || !hasPackages(after)) value('environment', 'torch', ({ torch }) => torch);
  value('environment', 'cuda', ({ cuda }) => cuda);
  value('environment', 'conda', ({ conda }) => conda, false, true);
  value('environment', 'executable', ({ executable }) => executable, false);
  value('environment', 'os', ({ os }) => os, false);
  value('environment', 'kernel', ({ kernel }) => kernel, false);
  value(
    'hardware',
    'gpus',
    ({ gpus }) =>
      gpus
        .map(({ name }) => name)
        .sort()
        .join(', ') || null,
  );
  value('hardware', 'driver', ({ driver }) => driver, false);
  value('hardware', 'host', ({ host }) => host, false);
  value('hardware', 'cpu', ({ cpu }) => cpu.model, false);
  return [...changes, ...comparePackages(before, after), ...compareVariables(before, after)];
}

type Of = (state: EnvironmentState) => string | null;

function kindOf(before: unknown, after: unknown): Change['kind'] {
  return before == null ? 'added' : after == null ? 'removed' : 'changed';
}

const hasPackages = ({ packages }: EnvironmentState) => packages.length > 0;

function comparePackages(a: EnvironmentState, b: EnvironmentState): Change[] {
  if (!hasPackages(a) && !hasPackages(b)) return [];
  if (!hasPackages(a) || !hasPackages(b)) {
    return [change('environment', 'unknown', 'packages', { detail: 'they were not recorded' })];
  }
  const before = byName(a.packages);
  const after = byName(b.packages);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [left, right] = [before.get(name), after.get(name)];
    const rest = { before: versionOf(left), after: versionOf(right), effective: !installers.has(name) };
    if (left === undefined) return [change('environment', 'added', name, rest)];
    if (right === undefined) return [change('environment', 'removed', name, rest)];
    if (rest.before !== rest.after) return [change('environment', 'changed', name, rest)];
    // The code of an editable install is a repository.
    return [];
  });
}

/** One name in the many spellings that Python takes for it. */
function byName(packages: readonly PythonPackage[]): Map<string, PythonPackage> {
  return new Map(packages.map((each) => [each.name.toLowerCase().replace(/[-_.]+/g, '-'), each]));
}

function versionOf(each: PythonPackage | undefined): string | null {
  if (each === undefined) return null;
  const commit = each.origin?.includes('@') ? ` (${each.origin.split('@').at(-1)})` : '';
  return each.version === null ? null : `${each.version}${commit}`;
}

function compareVariables({ variables: before }: EnvironmentState, { variables: after }: EnvironmentState): Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const [left, right] = [before[name], after[name]];
    if (sameValue(left, right)) return [];
    const kind = kindOf(left, right);
    const effective = !placing.has(name);
    return [change('environment', kind, name, { before: left ?? null, after: right ?? null, effective })];
  });
}
