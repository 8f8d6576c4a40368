import type { Command, Option } from 'commander';
import { fieldNames, choices as queryChoices } from '../../catalog/query/fields.ts';
import type { RunSummary } from '../../catalog/row.ts';
import { visible, when } from '../text.ts';

/** A word that may stand at the cursor, and in words what it is. */
export interface Candidate {
  word: string;
  text: string;
}

/** What the shell completes better than we: paths, and the command that stands behind `--`. */
export type Answer = Candidate[] | ':files' | ':directories' | `:command ${number}`;

/** What the words depend on. */
interface Asked {
  /** The word being typed, maybe empty. */
  current: string;
  /** Asked for only where a run may stand; latest first. */
  runs(): Promise<readonly RunSummary[]>;
  now: Date;
}

/**
 * The words that may stand at the cursor.
 *
 * @param words those of the command line behind `spoor`, the last one being typed
 */
export async function complete(program: Command, words: readonly string[], asked: Asked): Promise<Answer> {
  let command = program;
  let place = 0;
  let awaiting: Option | null = null;
  let optionsEnded = false;
  for (const [index, word] of words.slice(0, -1).entries()) {
    if (awaiting) {
      awaiting = null;
    } else if (word === '--' && !optionsEnded) {
      optionsEnded = true;
      if (isAnotherCommand(command)) return `:command ${index + 2}`;
    } else if (word.startsWith('-') && !optionsEnded) {
      const option = command.options.find((each) => each.long === word || each.short === word);
      if (option?.required) awaiting = option;
    } else {
      const below = place === 0 ? command.commands.find((each) => each.name() === word) : undefined;
      if (below) command = below;
      else if (isAnotherCommand(command)) return `:command ${index + 1}`;
      else if (!(command === program && word === 'help')) place += 1;
    }
  }
  const mayBeOption = asked.current.startsWith('-') && !optionsEnded && !isNegation(command, asked.current);
  const answer = await (awaiting
    ? valuesOf(/<([^>]+)>/.exec(awaiting.flags)?.[1] ?? '', asked)
    : mayBeOption
      ? optionsOf(command)
      : positionals(command, place, words.length, asked));
  return typeof answer === 'string' ? answer : answer.filter(({ word }) => word.startsWith(asked.current));
}

/** `spoor run -- COMMAND`. */
const isAnotherCommand = (command: Command) => command.registeredArguments[0]?.name() === 'command';

/** `-tag:bad` in a query, `-draft` among changes of tags. */
const isNegation = (command: Command, word: string) => {
  const last = command.registeredArguments.at(-1)?.name();
  return last === 'changes' || (last === 'query' && /^-\w/.test(word));
};

function optionsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap((option) => (option.long ? [{ word: option.long, text: option.description }] : []));
}

async function positionals(command: Command, place: number, length: number, asked: Asked): Promise<Answer> {
  const below = command.createHelp().visibleCommands(command);
  if (below.length > 0) {
    return place > 0 ? [] : below.map((each) => ({ word: each.name(), text: each.description() }));
  }
  if (isAnotherCommand(command)) return `:command ${length}`;
  const all = command.registeredArguments;
  const argument = all[place] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  if (argument?.argChoices) return argument.argChoices.map((word) => ({ word, text: '' }));
  return argument ? valuesOf(argument.name(), asked) : [];
}

/** Arguments that name a run. */
const namesOfRuns = new Set(['run', 'runs', 'good', 'bad']);

/** @param name of an argument, or of an option's value */
async function valuesOf(name: string, { current, runs, now }: Asked): Promise<Answer> {
  if (name === 'verdict') return (queryChoices.verdict ?? []).map((word) => ({ word, text: '' }));
  if (name === 'reasons') return ['nan', 'stall', 'nan,stall', 'none'].map((word) => ({ word, text: '' }));
  if (namesOfRuns.has(name)) return runNames(await runs(), current, now);
  if (name === 'query') return queryWords(await runs(), current);
  if (name === 'tag' || name === 'changes') return tagWords(await runs(), current);
  if (name === 'dir') return ':directories';
  return /^(file|path|repo)$/.test(name) ? ':files' : [];
}

/** Names with their latest run; `name~1` and ids once somebody has begun to type one. */
function runNames(runs: readonly RunSummary[], current: string, now: Date): Candidate[] {
  const seen = new Map<string, number>();
  const found: Candidate[] = current === '' && runs[0] ? [{ word: '@', text: `the latest run, ${runs[0].name}` }] : [];
  for (const run of runs) {
    const before = seen.get(run.name) ?? 0;
    seen.set(run.name, before + 1);
    const text = [run.status, when(run.startedAt, now), run.reason ? visible(run.reason) : '']
      .filter(Boolean)
      .join(', ');
    if (isPlain(run.name) && (before === 0 || current.includes('~'))) {
      found.push({ word: before === 0 ? run.name : `${run.name}~${before}`, text });
    }
    if (/^[0-9A-Z]{2,}$/.test(current)) found.push({ word: run.id, text: `${visible(run.name)}, ${text}` });
  }
  return found;
}

const withValues = { tag: 'tags', dataset: 'dataset', model: 'model', trainer: 'trainer', host: 'host' } as const;

function queryWords(runs: readonly RunSummary[], current: string): Candidate[] {
  const [, minus = '', field = ''] = /^(-?)([\w.]+):/.exec(current) ?? [];
  if (field === '') {
    const dash = current.startsWith('-') ? '-' : '';
    return fieldNames.map((name) => ({ word: `${dash}${name}:`, text: '' }));
  }
  const column = withValues[field as keyof typeof withValues];
  const known = column ? runs.flatMap((run) => run[column] ?? []) : [];
  return unique([...(queryChoices[field] ?? []), ...known])
    .filter((value) => !/\s/.test(value))
    .map((value) => ({ word: `${minus}${field}:${value}`, text: '' }));
}

function tagWords(runs: readonly RunSummary[], current: string): Candidate[] {
  const sign = /^[+-]/.exec(current)?.[0] ?? '';
  return unique(runs.flatMap((run) => run.tags)).map((tag) => ({ word: `${sign}${tag}`, text: '' }));
}

const unique = (values: readonly string[]) => [...new Set(values.filter(isPlain))].sort();

/** Without what would break the lines in which shells are answered. */
const isPlain = (text: string) => !/[\u0000-\u001f\u007f]/.test(text);
