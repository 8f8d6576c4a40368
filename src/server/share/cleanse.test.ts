import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleansed, cleanser } from './cleanse.ts';

const clean = cleanser({ userHome: '/data/ada', host: 'den', leftOut: ['a grey wolf', 'a grey wolf, outdoors', 'ox'] });

describe('what a site says of who made it', () => {
  test.each([
    ['/data/ada/loras/wolf', '~/loras/wolf'],
    ['"/data/ada"', '"~"'],
    ['/data/ada2/loras', '/data/ada2/loras'],
    [`reading ${['', 'home', 'someone'].join('/')}/x.py`, 'reading ~/x.py'],
    ['/Users/someone', '~'],
    ['/mnt/home/x', '/mnt/home/x'],
    ['events.out.tfevents.1764000000.den.17.0', 'events.out.tfevents.1764000000.host.17.0'],
    ['ada@den:~$', 'ada@host:~$'],
    ['a den of wolves', 'a den of wolves'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  test('a text that is left out goes wherever it stands, the longest first; a short one stays', () => {
    expect(clean('prompt: a grey wolf, outdoors --d 4; a grey wolf; an ox')).toBe(
      'prompt: [left out] --d 4; [left out]; an ox',
    );
  });

  test('hosts and users go by their keys, in every depth', () => {
    const document = {
      host: 'den',
      variables: { USER: 'ada', HOSTNAME: 'den', LANG: 'C' },
      list: [{ host: null, n: 1 }],
    };
    expect(cleansed(document, clean)).toEqual({
      host: '',
      variables: { USER: '', HOSTNAME: '', LANG: 'C' },
      list: [{ host: null, n: 1 }],
    });
  });

  test('no text keeps the home or what is left out', () => {
    const piece = fc.constantFrom('/data/ada', '/', 'a grey wolf', ', outdoors', 'x', ' ', '\n', '"', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = clean(pieces.join(''));
        expect(text).not.toMatch(/\/data\/ada(?![\w.-])/);
        expect(text).not.toContain('a grey wolf');
      }),
    );
  });
});
