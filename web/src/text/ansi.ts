/** What a terminal would have coloured. Everything but colours was taken out by the server. */
export interface Piece {
  text: string;
  className: string;
}

const colours = [
  'text-ink-3',
  'text-bad',
  'text-good',
  'text-warn',
  'text-info',
  'text-accent',
  'text-info',
  'text-ink',
];

/** @param line with SGR sequences (`ESC [ 1;31 m`); other sequences are left out */
export function ansiPieces(line: string): Piece[] {
  const pieces: Piece[] = [];
  let bold = false;
  let dim = false;
  let colour = '';
  const add = (text: string) => {
    if (text !== '')
      pieces.push({
        text,
        className: [bold && 'font-semibold', dim && 'opacity-70', colour].filter(Boolean).join(' '),
      });
  };
  let at = 0;
  for (const match of line.matchAll(/\x1b\[([\d;]*)([A-Za-z])/g)) {
    add(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] !== 'm') continue;
    const codes = (match[1] === '' ? '0' : (match[1] ?? '')).split(';').map(Number);
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] ?? 0;
      if (code === 0) [bold, dim, colour] = [false, false, ''];
      else if (code === 1) bold = true;
      else if (code === 2) dim = true;
      else if (code === 22) [bold, dim] = [false, false];
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) colour = colours[code % 10] ?? '';
      else if (code === 39) colour = '';
      // Of 256 or all colours: how many numbers follow.
      else if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : codes[i + 1] === 2 ? 4 : 0;
    }
  }
  add(line.slice(at));
  return pieces;
}
