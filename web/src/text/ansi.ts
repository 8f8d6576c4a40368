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

const sequence = /\x1b\[([\d;:]*)([A-Za-z])/g;

interface Look {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underlined: boolean;
  inverse: boolean;
  colour: string;
}
const plain: Look = { bold: false, dim: false, italic: false, underlined: false, inverse: false, colour: '' };

/** @param line with SGR sequences (`ESC [ 1;31 m`); other sequences are left out */
export function ansiPieces(line: string): Piece[] {
  const pieces: Piece[] = [];
  let look = plain;
  const add = (text: string) => {
    if (text !== '') pieces.push({ text, className: classOf(look) });
  };
  let at = 0;
  for (const match of line.matchAll(sequence)) {
    add(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === 'm') look = after(look, match[1] ?? '');
  }
  add(line.slice(at));
  return pieces;
}

export const plainText = (line: string) => line.replace(sequence, '');

function after(before: Look, text: string): Look {
  const codes = text.split(/[;:]/).map(Number);
  let look = before;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 0) look = plain;
    else if (code === 1) look = { ...look, bold: true };
    else if (code === 2) look = { ...look, dim: true };
    else if (code === 3) look = { ...look, italic: true };
    else if (code === 4) look = { ...look, underlined: true };
    else if (code === 7) look = { ...look, inverse: true };
    else if (code === 22) look = { ...look, bold: false, dim: false };
    else if (code === 23) look = { ...look, italic: false };
    else if (code === 24) look = { ...look, underlined: false };
    else if (code === 27) look = { ...look, inverse: false };
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97))
      look = { ...look, colour: colours[code % 10] ?? '' };
    else if (code === 39) look = { ...look, colour: '' };
    else if (code === 38 || code === 48) {
      const [colour, length] = extended(codes.slice(i + 1));
      if (code === 38 && colour !== null) look = { ...look, colour };
      i += length;
    }
  }
  return look;
}

/** A colour of the 256, or of all: the one of the theme that is most like it, and how many numbers tell it. */
function extended([kind, ...rest]: number[]): [colour: string | null, length: number] {
  if (kind === 2) return [likeness(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), 4];
  if (kind !== 5) return [null, 0];
  const index = rest[0] ?? 0;
  if (index < 16) return [colours[index % 8] ?? null, 2];
  if (index >= 232) return [index < 244 ? 'text-ink-3' : 'text-ink', 2];
  const part = (size: number) => (Math.floor((index - 16) / size) % 6) * 51;
  return [likeness(part(36), part(6), part(1)), 2];
}

/** The theme's own colours are readable on its paper in light and dark; a terminal's need not be. */
function likeness(red: number, green: number, blue: number): string {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 40) return most < 140 ? 'text-ink-3' : 'text-ink';
  if (most === red)
    return green - blue > (red - least) * 0.6
      ? 'text-warn'
      : blue - green > (red - least) * 0.6
        ? 'text-accent'
        : 'text-bad';
  if (most === green) return red - blue > (green - least) * 0.6 ? 'text-warn' : 'text-good';
  return 'text-info';
}

function classOf({ bold, dim, italic, underlined, inverse, colour }: Look): string {
  return [
    bold && 'font-semibold',
    italic && 'italic',
    underlined && 'underline',
    inverse && 'bg-sunken',
    dim && colour === '' ? 'text-ink-3' : colour,
  ]
    .filter(Boolean)
    .join(' ');
}
