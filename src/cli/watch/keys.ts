/** What the keys of `spoor watch` mean. */

export type Key =
  | { press: 'quit' | 'suspend' | 'redraw' | 'next' | 'previous' | 'log' | 'charts' | 'smoothing' | 'help' | 'back' }
  /** The run of that number in the list, from 0. */
  | { press: 'run'; at: number };

const named: Readonly<Record<string, Exclude<Key['press'], 'run'>>> = {
  q: 'quit',
  '\x03': 'quit',
  '\x1a': 'suspend',
  '\x0c': 'redraw',
  '\t': 'next',
  '\x1b[A': 'previous',
  '\x1b[D': 'previous',
  '\x1b[Z': 'previous',
  '\x1b[B': 'next',
  '\x1b[C': 'next',
  '\x1bOA': 'previous',
  '\x1bOD': 'previous',
  '\x1bOB': 'next',
  '\x1bOC': 'next',
  l: 'log',
  c: 'charts',
  s: 'smoothing',
  '?': 'help',
  h: 'help',
  '\x1b': 'back',
};

/** What a terminal sends for one key: a sequence, an escape before a character, a character. */
const one = /\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[\s\S]|\x1b[\s\S](?<!\x1b\x1b)|[\s\S]/gu;

/** Keys in what a terminal sent at once; what is no key of ours is left out. */
export function keysOf(input: string): Key[] {
  return (input.match(one) ?? []).flatMap((text): Key[] => {
    if (/^[1-9]$/.test(text)) return [{ press: 'run', at: Number(text) - 1 }];
    const press = Object.hasOwn(named, text) ? named[text] : undefined;
    return press ? [{ press }] : [];
  });
}
