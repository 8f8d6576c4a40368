import type { RunName } from './facts.ts';

/**
 * Reads a run's name as far as it fits `{model}-{dataset}-v{version}s{steps}` (`noob-grey_wolf-v1s2400`),
 * the steps also as `-s2400`, `_2400steps`, or three digits and more behind a dash (`v1-2400`; `v1-2` and
 * `v1_2400` may be versions); else a version at its end (`wolf-v3`, `wolf_03`, `wolf-1.2`). What sd-scripts puts after the name of a
 * checkpoint (`-000010`, `-step00000024`) is no part of the run's name. Any text is accepted.
 */
export function parseRunName(full: string): RunName {
  const plain = withoutCheckpoint(full);
  const { begin, steps } = withoutSteps(plain);
  const convention = /^([^-]+)-(.+)-v(\d[\w.]*)$/i.exec(begin);
  if (convention) {
    const [, model, dataset, version] = convention;
    return { full, model: model!, dataset: dataset!, version: version!, steps };
  }
  const versioned =
    /^(.*[^-_. ])[-_. ]?v(?:er(?:sion)?)?[-_.]?(\d[\w.]*)$/i.exec(begin) ??
    /^(.*[^-_. \d])[-_ ](\d{1,4}(?:\.\d+)*)$/.exec(plain);
  if (versioned) {
    const [, dataset, version] = versioned;
    return { full, model: null, dataset: dataset!, version: version!, steps: begin === plain ? null : steps };
  }
  return { full, model: null, dataset: null, version: null, steps: null };
}

/** Behind a version: `s900`, `-s900`, `_900steps`, `-step900`, `-900`. */
const stepsAtEnd = /(?:[-_]?s(\d+)|[-_]?steps?[-_]?(\d+)|[-_](\d+)[-_]?steps?|-(\d{3,}))$/i;

function withoutSteps(name: string): { begin: string; steps: number | null } {
  const found = stepsAtEnd.exec(name);
  const begin = found === null ? name : name.slice(0, found.index);
  if (found === null || !/v(?:er(?:sion)?)?[-_.]?\d[\w.]{0,40}$/i.test(begin)) return { begin: name, steps: null };
  return { begin, steps: wholeNumber(found.slice(1).find((each) => each !== undefined)) };
}

/**
 * The key under which versions of one thing stand together: `noob-wolf` where the name has model and
 * dataset, else the name without its version, else the dataset's directory, else the name.
 */
export function familyOf(name: RunName, datasetPath: string | null): string {
  if (name.model !== null && name.dataset !== null) return `${name.model}-${name.dataset}`;
  if (name.dataset !== null) return name.dataset;
  return (datasetPath === null ? null : datasetName(datasetPath)) ?? withoutCheckpoint(name.full);
}

function withoutCheckpoint(name: string): string {
  return name.replace(/\.(?:safetensors|ckpt|pt)$/i, '').replace(/-(?:0\d{5}|step\d{8})$/, '');
}

/** Orders versions by their numbers, then by text: 2 before 10, 1.2 before 1.10, 3 before 3b, none first. */
export function compareVersions(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i], right[i]);
    if (order !== 0) return order;
  }
  return a < b ? -1 : Number(a > b);
}

function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (/^\d/.test(a) && /^\d/.test(b)) {
    const left = a.replace(/^0+(?=\d)/, '');
    const right = b.replace(/^0+(?=\d)/, '');
    if (left.length !== right.length) return left.length - right.length;
    return left < right ? -1 : Number(left > right);
  }
  return a < b ? -1 : Number(a > b);
}

/** Directory names that say nothing of what is inside. */
const nondescript = /^(?:images?|imgs?|train(?:ing)?|data(?:sets?)?|dataset|input|src|source)$/i;

function datasetName(path: string): string | null {
  const parts = path.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  while (parts.length > 0) {
    const part = parts.pop()!;
    const repeats = /^\d+_(.*)$/.exec(part);
    if (repeats !== null && parts.length > 0 && !nondescript.test(parts.at(-1)!)) continue;
    const name = repeats?.[1] ?? part;
    if (name !== '' && !nondescript.test(name)) return name;
  }
  return null;
}

function wholeNumber(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && Number.isSafeInteger(value) ? value : null;
}
