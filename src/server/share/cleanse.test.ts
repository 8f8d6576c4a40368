import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleansed, cleanser } from './cleanse.ts';
import { identityIn, publishedAddress } from './identity.ts';

/** Of somebody, on each system. */
const [home, users] = [['', 'home', 'someone'].join('/'), ['', 'Users', 'someone'].join('/')];
const record = { host: 'lair-2', variables: { USER: 'grace' }, remote: 'git@github.com:hopper/wolves.git' };
const clean = cleanser({
  identity: identityIn([record], 'den', '/data/ada'),
  leftOut: { phrases: ['a grey wolf', 'a grey wolf, outdoors', 'an ox', 'grey_wolf', '灰色の狼と月'], words: ['wolf'] },
  kept: ['noob-grey_wolf-v1', 'noob-grey_wolf', 'a grey wolf-v2'],
});

describe('what a site says of who made it', () => {
  test.each([
    ['/data/ada/loras/wolf', '~/loras/wolf'],
    ['"/data/ada"', '"~"'],
    ['/data/ada2/loras', '/data/ada2/loras'],
    [`reading ${home}/x.py`, 'reading ~/x.py'],
    [users, '~'],
    [`/var${home}/x`, '~/x'],
    ['/mnt/home/x', '/mnt/home/x'],
    [`/mnt/c${users}/x`, '~/x'],
    [`/c${users}/x`, '~/x'],
    [`/cygdrive/d${users}`, '~'],
    ['C:\\Users\\someone\\x', '~\\x'],
    ['C:\\\\Users\\\\someone\\\\x', '~\\\\x'],
    [`c:${users} else/x`, '~/x'],
    ['\\\\wsl$\\Ubuntu-22.04\\home\\someone\\x', '~\\x'],
    [`file://${home}/x`, 'file://~/x'],
    ['%2Fhome%2Fsomeone%2Fx', '~%2Fx'],
    ['/media/grace/disk', '/media/user/disk'],
    ['grace under pressure', 'grace under pressure'],
    ['events.out.tfevents.1764000000.den.17.0', 'events.out.tfevents.1764000000.host.0'],
    ['events.out.tfevents.1764000000.any.where.17.1.v2', 'events.out.tfevents.1764000000.host.1.v2'],
    ['ada@den:~$', 'user@host:~$'],
    ['a den of wolves', 'a den of wolves'],
    ['it ran on lair-2.', 'it ran on host.'],
    ['lair-20', 'lair-20'],
    ['https://me:word@example.org/x', 'https://example.org/x'],
    ['from github.com/hopper/wolves at', 'from [left out] at'],
    ['GPU-01234567-89ab-cdef-0123-456789abcdef,GPU-01234567', 'GPU,GPU'],
    ['eth0 02:42:ac:11:00:02', 'eth0 [left out]'],
    ['took 00:10:59', 'took 00:10:59'],
  ])('%s', (text, expected) => expect(clean.text(text)).toBe(expected));

  test('of the address of a repository only that of a published trainer is kept, without its user', () => {
    expect(publishedAddress('git@github.com:kohya-ss/sd-scripts.git')).toBe('ssh://github.com/kohya-ss/sd-scripts.git');
    expect(publishedAddress('git+https://x:y@github.com/KohakuBlueleaf/LyCORIS@0123abc')).toBe(
      'https://github.com/KohakuBlueleaf/LyCORIS@0123abc',
    );
    expect(publishedAddress('git@github.com:hopper/kohya-ss.git')).toBeNull();
    expect(publishedAddress('https://git.example.org/kohya-ss/sd-scripts')).toBeNull();
    expect(publishedAddress('/srv/git/wolves')).toBeNull();
  });

  test('hosts, users, processes and devices go by their keys, in every depth', () => {
    const document = {
      host: 'den',
      variables: { USER: 'ada', HOSTNAME: 'den', LANG: 'C' },
      list: [{ host: null, n: 1 }],
      waiter: { pid: 12, bootId: 'x', startTicks: 1, pidNamespace: '4' },
      gpus: [{ uuid: 'GPU-1', name: 'RTX' }],
      remotes: [{ name: 'origin', url: 'git@github.com:hopper/wolves.git' }],
    };
    expect(cleansed(document, clean)).toEqual({
      host: '',
      variables: { USER: '', HOSTNAME: '', LANG: 'C' },
      list: [{ host: null, n: 1 }],
      waiter: { pid: null, bootId: null, startTicks: null, pidNamespace: null },
      gpus: [{ uuid: null, name: 'RTX' }],
      remotes: [],
    });
  });
});

describe('a text that is left out', () => {
  test.each([
    ['prompt: a grey wolf, outdoors --d 4; a grey wolf; an ox', 'prompt: [left out] --d 4; [left out]; [left out]'],
    ['/out/noob_grey_wolf-000001.png', '/out/noob_[left out]-000001.png'],
    ['/out/000001-grey_wolf.png', '/out/000001-[left out].png'],
    ['a grey wolfhound', 'a grey wolfhound'],
    ['月下の灰色の狼と月と星', '月下の[left out]と星'],
  ])('goes wherever it stands as whole words, the longest first: %s', (text, expected) =>
    expect(clean.text(text)).toBe(expected),
  );

  test('stays in the names of runs and families', () => {
    expect(clean.text('noob-grey_wolf-v1, noob-grey_wolf, a grey wolf-v2, a grey wolf')).toBe(
      'noob-grey_wolf-v1, noob-grey_wolf, a grey wolf-v2, [left out]',
    );
  });

  test('of one word goes where it stands alone on a line, or as a prompt', () => {
    const log =
      'wolf\r\nprompt: wolf\n\u001b[32mnegative_prompt: wolf\u001b[0m\n"wolf",\nthe wolf is good\nname: wolf\n';
    expect(clean.lines(log)).toBe(
      '[left out]\r\nprompt: [left out]\n\u001b[32mnegative_prompt: [left out]\u001b[0m\n"[left out]",\nthe wolf is good\nname: wolf\n',
    );
    expect(clean.text('wolf')).toBe('wolf');
  });

  test('never takes a key or a word of a document with it', () => {
    const document = { type: 'note', text: 'wolf', grey_wolf: { key: 'grey_wolf', wolf: 'the wolf' } };
    expect(cleansed(document, clean)).toEqual(document);
  });

  test('no text keeps the home or what is left out', () => {
    const piece = fc.constantFrom('/data/ada', '/', 'a grey wolf', ', outdoors', '.', ' ', '\n', '"', '-');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = clean.text(pieces.join(' '));
        expect(text).not.toMatch(/\/data\/ada(?![\w.-])/);
        expect(text).not.toContain('a grey wolf');
      }),
    );
  });
});
