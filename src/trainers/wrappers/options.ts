/** How a wrapper's own options are written. Names stand with their dashes: `-n`, `--name`. */
export interface OptionSpec {
  /** Take nothing. */
  flags?: readonly string[];
  /** Take a value: `--name V`, `--name=V`, `-n V`, `-nV`. */
  values?: readonly string[];
  /** Take a value only when it is glued on: `--signal=V`. */
  optional?: readonly string[];
  /** `-` and `_` inside long names are the same. */
  dashesAreUnderscores?: boolean;
  /** Unambiguous beginnings of long names are accepted, as argparse and getopt_long do. */
  abbreviations?: boolean;
}

export interface Scanned {
  /** In order of appearance; the name as the specification spells it. */
  options: { name: string; value: string | true }[];
  /** What follows the options, without a leading `--`. */
  rest: string[];
}

/** Reads options up to the first word that is none. Null where an option is not known: then nothing is certain. */
export function scanOptions(args: readonly string[], spec: OptionSpec): Scanned | null {
  const options: Scanned['options'] = [];
  let at = 0;
  while (at < args.length) {
    const word = args[at]!;
    if (word === '--') return { options, rest: args.slice(at + 1) };
    if (!word.startsWith('-') || word === '-') break;
    const read = word.startsWith('--') ? longOption(word, args[at + 1], spec) : shortOptions(word, args[at + 1], spec);
    if (read === null) return null;
    options.push(...read.options);
    at += read.words;
  }
  return { options, rest: args.slice(at) };
}

/** The last value given to one of the names. */
export function optionValue(scanned: Scanned, ...names: string[]): string | null {
  const found = scanned.options.findLast((option) => names.includes(option.name))?.value;
  return typeof found === 'string' ? found : null;
}

export function hasOption(scanned: Scanned, ...names: string[]): boolean {
  return scanned.options.some((option) => names.includes(option.name));
}

interface Read {
  options: Scanned['options'];
  words: 1 | 2;
}

function longOption(word: string, next: string | undefined, spec: OptionSpec): Read | null {
  const equals = word.indexOf('=');
  const name = resolveName(equals < 0 ? word : word.slice(0, equals), spec);
  if (name === null) return null;
  if (equals >= 0) {
    if (spec.flags?.includes(name)) return null;
    return { options: [{ name, value: word.slice(equals + 1) }], words: 1 };
  }
  if (spec.flags?.includes(name) || spec.optional?.includes(name))
    return { options: [{ name, value: true }], words: 1 };
  return next === undefined ? null : { options: [{ name, value: next }], words: 2 };
}

function resolveName(written: string, spec: OptionSpec): string | null {
  const same = (name: string) => (spec.dashesAreUnderscores ? `--${name.slice(2).replaceAll('-', '_')}` : name);
  const wanted = same(written);
  const known = [...(spec.flags ?? []), ...(spec.values ?? []), ...(spec.optional ?? [])];
  const exact = known.find((name) => same(name) === wanted);
  if (exact !== undefined) return exact;
  if (!spec.abbreviations) return null;
  const beginnings = known.filter((name) => name.startsWith('--') && same(name).startsWith(wanted));
  return beginnings.length === 1 ? beginnings[0]! : null;
}

function shortOptions(word: string, next: string | undefined, spec: OptionSpec): Read | null {
  if (spec.values?.includes(word)) {
    return next === undefined ? null : { options: [{ name: word, value: next }], words: 2 };
  }
  const options: Scanned['options'] = [];
  for (let i = 1; i < word.length; i++) {
    const name = `-${word[i]}`;
    if (spec.flags?.includes(name)) {
      options.push({ name, value: true });
      continue;
    }
    const glued = word.slice(i + 1);
    if (spec.optional?.includes(name)) return { options: [...options, { name, value: glued || true }], words: 1 };
    if (!spec.values?.includes(name)) return null;
    if (glued !== '') return { options: [...options, { name, value: glued }], words: 1 };
    return next === undefined ? null : { options: [...options, { name, value: next }], words: 2 };
  }
  return { options, words: 1 };
}
