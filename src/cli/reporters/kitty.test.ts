import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canShowPictures, pictureText } from './kitty.ts';

describe('pictures in a terminal', () => {
  it('are cut into pieces that put together give the file again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20_000 }), (bytes) => {
        const text = pictureText(bytes, 24, 12);
        const pieces = [...text.matchAll(/\x1b_G([^;]*);([^\x1b]*)\x1b\\/g)];
        expect(pieces.map(([whole]) => whole).join('')).toBe(text);
        expect(Buffer.from(pieces.map(([, , data]) => data).join(''), 'base64').equals(Buffer.from(bytes))).toBe(true);
        expect(pieces.every(([, , data]) => data!.length <= 4096)).toBe(true);
        const more = pieces.map(([, control]) => /m=(\d)$/.exec(control!)?.[1]);
        expect(more).toEqual([...Array(pieces.length - 1).fill('1'), '0']);
        expect(pieces[0]?.[1]).toContain('a=T,f=100,c=24,r=12');
      }),
      { numRuns: 50 },
    );
  });

  it('are drawn only where the terminal is known to show them', () => {
    const shown = (env: Record<string, string>, isTTY = true) =>
      canShowPictures({ env, stdout: { isTTY } as NodeJS.WriteStream });
    expect(shown({ TERM: 'xterm-kitty' })).toBe(true);
    expect(shown({ TERM_PROGRAM: 'WezTerm', TERM: 'xterm-256color' })).toBe(true);
    expect(shown({ TERM: 'xterm-256color' })).toBe(false);
    expect(shown({ TERM: 'xterm-kitty', TMUX: '/tmp/tmux' })).toBe(false);
    expect(shown({ TERM: 'xterm-kitty' }, false)).toBe(false);
  });
});
