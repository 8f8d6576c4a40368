import { readdir } from 'node:fs/promises';
import { basename, dirname, parse } from 'node:path';

const mostNames = 5_000;
const longestName = 255;

/** What the user may have meant by a path that does not exist, as a hint in words; null if nothing is near. */
export async function nearestName(path: string): Promise<string | null> {
  const directory = dirname(path);
  let names: string[];
  try {
    names = await readdir(directory);
  } catch {
    return directory === path ? null : `There is no directory ${directory} either.`;
  }
  const wanted = basename(path).slice(0, longestName);
  let best: { name: string; distance: number } | null = null;
  for (const name of names.slice(0, mostNames)) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase().slice(0, longestName));
    if (best === null || distance < best.distance) best = { name, distance };
  }
  // An ending that all share tells nothing, and half of a short name makes another word.
  const { length } = parse(wanted).name;
  const most = Math.min(Math.max(2, Math.floor(length / 3)), Math.ceil(length / 2) - 1);
  const isNear = best !== null && best.distance <= most;
  return isNear ? `Did you mean ${JSON.stringify(best!.name)} beside it?` : null;
}

/** Levenshtein's, in one row. */
function editDistance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0]!;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!;
      row[j] = Math.min(above + 1, row[j - 1]! + 1, diagonal + Number(a[i - 1] !== b[j - 1]));
      diagonal = above;
    }
  }
  return row[b.length]!;
}
