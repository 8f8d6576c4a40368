/**
 * `sh -c 'ulimit -v 14000000; exec python train_network.py'`: seen through only where the line is a
 * row of simple commands whose last one is the trainer and whose others have no effect on it that
 * would be missed: `cd`, `export`, `ulimit`, `umask`, `set`.
 */
import { resolveIn } from '../paths.ts';
import { command, type SeeThrough } from './step.ts';

export const shell: SeeThrough = (args, path) => {
  const letters = /^-[aefhlux]*c[aefhlux]*$/;
  if (!letters.test(args[0] ?? '') || args.length !== 2) return null;
  const row = simpleCommands(args[1]!);
  const last = row?.pop();
  if (!row || last === undefined) return null;
  let cwd = path.cwd;
  const variables: Record<string, string> = {};
  for (const [name, ...words] of row) {
    if (name === 'cd' && words.length === 1 && !/^[-~]/.test(words[0]!)) cwd = resolveIn(cwd, words[0]!);
    else if (name === 'export' && words.every(isAssignment)) for (const word of words) assign(variables, word);
    else if (name !== 'ulimit' && name !== 'umask' && name !== 'set') return null;
  }
  while (last.length > 0 && isAssignment(last[0]!)) assign(variables, last.shift()!);
  if (last[0] === 'exec') last.shift();
  if (last.length === 0 || last[0]!.startsWith('-')) return null;
  path.cwd = cwd;
  Object.assign(path.variables, variables);
  return command(last);
};

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*=/.test(word);
}

function assign(variables: Record<string, string>, word: string): void {
  const equals = word.indexOf('=');
  variables[word.slice(0, equals)] = word.slice(equals + 1);
}

/** The commands between `;`, `&&` and newlines as words, or null where anything else of the shell's is used. */
function simpleCommands(line: string): string[][] | null {
  const row: string[][] = [[]];
  const token = /([ \t]+)|(;|&&|\n)|'([^']*)'|"([^"\\$`!]*)"|([\w@%+=:,./~^-]+)/gy;
  let joined = false;
  for (let at = 0; at < line.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(line);
    if (match === null) return null;
    const [, space, end, single, double, plain] = match;
    const words = row.at(-1)!;
    if (space !== undefined) joined = false;
    else if (end !== undefined) {
      if (words.length > 0) row.push([]);
      joined = false;
    } else {
      if (plain?.startsWith('~') && !joined) return null;
      const text = single ?? double ?? plain!;
      if (joined) words[words.length - 1] += text;
      else words.push(text);
      joined = true;
    }
  }
  if (row.at(-1)!.length === 0) row.pop();
  return row;
}
