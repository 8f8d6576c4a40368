/** Pictures in terminals with Kitty's graphics protocol. */
import type { Context } from '../context.ts';

/** Told by the environment: asking the terminal would take its input. Multiplexers pass no pictures on. */
export function canShowPictures({ stdout, env }: Pick<Context, 'stdout' | 'env'>): boolean {
  if (!stdout.isTTY || env.TMUX || env.STY) return false;
  const { TERM = '', TERM_PROGRAM = '' } = env;
  return (
    Boolean(env.KITTY_WINDOW_ID || env.KONSOLE_VERSION) ||
    /kitty|ghostty/.test(TERM) ||
    /^(?:ghostty|WezTerm)$/.test(TERM_PROGRAM)
  );
}

/** Bytes of base64 in one escape sequence. */
const longestPiece = 4096;

/** Draws a PNG into so many cells from the cursor on, which stays where it is. */
export function pictureText(png: Uint8Array, columns: number, rows: number): string {
  const data = Buffer.from(png).toString('base64');
  let text = '';
  for (let at = 0; at < data.length; at += longestPiece) {
    const more = at + longestPiece < data.length ? 1 : 0;
    // a=T: transmit and show; f=100: PNG; C=1: leave the cursor; q=2: answer nothing.
    const control = at === 0 ? `a=T,f=100,c=${columns},r=${rows},C=1,q=2,m=${more}` : `m=${more}`;
    text += `\x1b_G${control};${data.slice(at, at + longestPiece)}\x1b\\`;
  }
  return text;
}
