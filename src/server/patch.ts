/** Patches of git as hunks. */
import type { Patch } from '../api/run.ts';

const mostLines = 20_000;
const longestLine = 10_000;
const kinds = { ' ': 'same', '-': 'removed', '+': 'added' } as const;

/** The hunks of a patch of one file. */
export function parsePatch(bytes: Uint8Array): Omit<Patch, 'file'> {
  const text = new TextDecoder().decode(bytes);
  const hunks: Patch['hunks'] = [];
  let [left, right, taken] = [0, 0, 0];
  let binary = false;
  let cut = false;
  for (const line of text.split('\n')) {
    const hunk = hunks.at(-1);
    const kind = kinds[line[0] as keyof typeof kinds];
    if (hunk && kind && (left > 0 || right > 0)) {
      if (kind !== 'added') left--;
      if (kind !== 'removed') right--;
      if (++taken > mostLines) cut = true;
      else hunk.lines.push({ kind, text: shorten(line.slice(1)) });
      cut ||= line.length > longestLine;
      continue;
    }
    const found = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/.exec(line);
    if (found) {
      const [, from = '', lines = '1', to = '', more = '1', heading = ''] = found;
      [left, right] = [Number(lines), Number(more)];
      if (cut) continue;
      const before = { start: Number(from), lines: left };
      hunks.push({ before, after: { start: Number(to), lines: right }, heading, lines: [] });
    } else if (hunk === undefined && /^(?:Binary files .* differ|GIT binary patch)$/.test(line)) binary = true;
  }
  return { binary, hunks, cut };
}

function shorten(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}
