/** Pieces of a line, cut where a word that is searched begins and ends. */
import type { Piece } from './ansi.ts';

export interface MarkedPiece extends Piece {
  marked: boolean;
}

/** @param word in upper or lower case; none where it is empty */
export function markedPieces(pieces: readonly Piece[], word: string): MarkedPiece[] {
  if (word === '') return pieces.map((piece) => ({ ...piece, marked: false }));
  const edges = edgesOf(pieces.map(({ text }) => text).join(''), word);
  const found: MarkedPiece[] = [];
  let at = 0;
  let next = 0;
  for (const { text, className } of pieces) {
    const end = at + text.length;
    let from = at;
    while (from < end) {
      while ((edges[next] ?? Number.POSITIVE_INFINITY) <= from) next++;
      const to = Math.min(end, edges[next] ?? end);
      found.push({ text: text.slice(from - at, to - at), className, marked: next % 2 === 1 });
      from = to;
    }
    at = end;
  }
  return found;
}

/** Where marks begin and end, by turns. */
function edgesOf(text: string, word: string): number[] {
  const lower = text.toLowerCase();
  const wanted = word.toLowerCase();
  const edges: number[] = [];
  // A letter that is longer in lower case would shift all behind it: then nothing is marked rather than the wrong thing.
  if (lower.length !== text.length) return edges;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
    if (edges.at(-1) === at) edges.pop();
    else edges.push(at);
    edges.push(at + wanted.length);
  }
  return edges;
}
