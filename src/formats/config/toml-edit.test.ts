import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { removeFromToml, setInToml, tomlText } from './toml-edit.ts';

const file = `# mine, since 2025
[keep]                       # what stays
samples_budget = "2 GB"      # 500 MB was too little
  # checkpoints = "all"

[notify]
disk_below = '1 GB'

# the telephone
[notify.phone]
type = "ntfy"
# from the app
token = "tk_1"   # old

# at home
[notify."the hook"]
type = "webhook"
headers = { Authorization = "Bearer x", "X-From" = "spoor" }

# the end
`;

describe('a value is set where it stands, or where a person would add it', () => {
  test.each([
    ['in its place, the comment behind it stays', ['keep', 'samples_budget'], '1 GB', '"2 GB"', '"1 GB"'],
    ['whatever its quotes were', ['notify', 'disk_below'], '3 GB', "'1 GB'", '"3 GB"'],
    ['in a table of one line', ['notify', 'the hook', 'headers', 'X-From'], 'me', '"spoor"', '"me"'],
    [
      'as one more of a table of one line',
      ['notify', 'the hook', 'headers', 'X-To'],
      'you',
      '"spoor" }',
      '"spoor", X-To = "you" }',
    ],
    ['at the end of its section', ['keep', 'checkpoints'], 'all', 'too little\n', 'too little\ncheckpoints = "all"\n'],
    ['of a section between others', ['notify', 'stall_after'], 12, "'1 GB'\n", "'1 GB'\nstall_after = 12\n"],
    ['of a section with comments', ['notify', 'phone', 'on'], ['nan'], '# old\n', '# old\non = ["nan"]\n'],
    [
      'in a new section, at the end',
      ['price', 'currency'],
      'EUR',
      '# the end\n',
      '# the end\n\n[price]\ncurrency = "EUR"\n',
    ],
    [
      'in a new section beside those of its kind',
      ['notify', 'desk', 'type'],
      'desktop',
      '"spoor" }\n',
      '"spoor" }\n\n[notify.desk]\ntype = "desktop"\n',
    ],
    [
      'whose name needs quotes',
      ['notify', 'my desk', 'type'],
      'desktop',
      '"spoor" }\n',
      '"spoor" }\n\n[notify."my desk"]\ntype = "desktop"\n',
    ],
  ])('%s', (_, keys, value, before, after) => {
    expect(setInToml(file, keys, value)).toBe(file.replace(before, after));
  });

  test.each([
    ['', ['keep', 'checkpoints'], '[keep]\ncheckpoints = "all"\n'],
    ['# nothing yet', ['keep', 'checkpoints'], '# nothing yet\n\n[keep]\ncheckpoints = "all"\n'],
    ['[keep]', ['keep', 'checkpoints'], '[keep]\ncheckpoints = "all"'],
    ['keep = {}\n', ['keep', 'checkpoints'], 'keep = { checkpoints = "all" }\n'],
    ['keep = { a = 1 } # c\n', ['keep', 'checkpoints'], 'keep = { a = 1, checkpoints = "all" } # c\n'],
    ['keep.a = 1\n[price]\n', ['keep', 'checkpoints'], 'keep.a = 1\nkeep.checkpoints = "all"\n[price]\n'],
    ['[notify.a]\n', ['notify', 'b'], '[notify.a]\n\n[notify]\nb = "all"\n'],
    ['[keep]\r\na = 1\r\n', ['keep', 'b'], '[keep]\r\na = 1\r\nb = "all"\r\n'],
    ['  [keep]\n    a = 1\n', ['keep', 'b'], '  [keep]\n    a = 1\n    b = "all"\n'],
    ['[n.a]\nt = 1\n[x]\n', ['n', 'a', 'h', 'K'], '[n.a]\nt = 1\nh.K = "all"\n[x]\n'],
    ['[n.a.h]\nJ = "x"\n', ['n', 'a', 'h', 'K'], '[n.a.h]\nJ = "x"\nK = "all"\n'],
    ['on = [ "nan", # a\n "stall" ]\n', ['on'], 'on = "all"\n'],
  ])('%j', (text, keys, expected) => {
    expect(setInToml(text, keys, 'all')).toBe(expected);
  });

  test('a table is not made a value, nor a value a table', () => {
    expect(setInToml('[keep]\na = 1\n', ['keep'], 1)).toBeNull();
    expect(setInToml('keep = 1\n', ['keep', 'a'], 1)).toBeNull();
    expect(setInToml('[[keep]]\na = 1\n', ['keep', 'a'], 1)).toBeNull();
  });
});

describe('what is taken out', () => {
  test('leaves the comment that stood behind it', () => {
    expect(removeFromToml(file, ['keep', 'samples_budget'])).toBe(
      file.replace('samples_budget = "2 GB"      # 500', '# 500'),
    );
  });

  test('takes a table with all that is in it, and leaves what stands around it', () => {
    const table = '[notify.phone]\ntype = "ntfy"\n# from the app\ntoken = "tk_1"   # old\n';
    expect(removeFromToml(file, ['notify', 'phone'])).toBe(file.replace(table, ''));
  });

  test.each([
    ['a = { b = 1, c = 2, d = 3 }\n', ['a', 'b'], 'a = { c = 2, d = 3 }\n'],
    ['a = { b = 1, c = 2 }\n', ['a', 'c'], 'a = { b = 1 }\n'],
    ['a = { b = 1 }\n', ['a', 'b'], 'a = {  }\n'],
    ['[a]\n\n[a.b]\nx = 1\n[a.b.c]\ny = 2\n\n[d]\n', ['a', 'b'], '[a]\n\n[d]\n'],
    ['a.b.x = 1\na.b.y = 2\na.c = 3\n', ['a', 'b'], 'a.c = 3\n'],
    ['a = 1\nb = 2', ['b'], 'a = 1\n'],
    ['a = 1\n', ['b'], 'a = 1\n'],
    ['[a]\nx = """\n[b]\n"""\ny = 1\n', ['a', 'x'], '[a]\ny = 1\n'],
  ])('%j', (text, keys, expected) => {
    expect(removeFromToml(text, keys)).toBe(expected);
  });
});

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const scalar = fc.oneof(
  word,
  fc.integer(),
  fc.boolean(),
  fc.array(word, { maxLength: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
);
const leaf = fc.record({ key: word, value: scalar, comment: fc.constantFrom('', ' # why', '\t#c') });
const uniqueLeaves = fc.uniqueArray(leaf, { selector: ({ key }) => key, maxLength: 4 });
const tables = fc.uniqueArray(
  fc.record({ name: word, leaves: uniqueLeaves, inline: fc.boolean(), dotted: fc.boolean() }),
  {
    selector: ({ name }) => name,
    maxLength: 4,
  },
);

/** A file as people write them: sections, tables of one line, dotted keys, comments, blank lines, of either line end. */
function written(all: typeof tables extends fc.Arbitrary<infer T> ? T : never, newline: string): string {
  const key = (text: string) => (/^[\w-]+$/.test(text) ? text : tomlText(text));
  const [inline, rest] = [
    all.filter((each) => each.inline || each.dotted),
    all.filter((each) => !each.inline && !each.dotted),
  ];
  const lines = inline.flatMap(({ name, leaves, dotted }) =>
    dotted
      ? leaves.map((each) => `${key(name)}.${key(each.key)} = ${tomlText(each.value)}${each.comment}`)
      : [
          `${key(name)} = { ${leaves.map((each) => `${key(each.key)} = ${tomlText(each.value)}`).join(', ')} } # of one line`,
        ],
  );
  for (const { name, leaves } of rest) {
    lines.push('', `# about ${name.length}`, `[${key(name)}]`);
    for (const each of leaves) lines.push(`  ${key(each.key)}=${tomlText(each.value)}${each.comment}`);
  }
  return lines.map((line) => line + newline).join('');
}

const newline = fc.constantFrom('\n', '\r\n');
const commentsOf = (text: string) => text.match(/# (?:why|about|of one line).*?(?=\r?\n|$)|#c/g) ?? [];

test('whatever the file, a value that is set reads as itself, all else as before, and no comment is lost', () => {
  fc.assert(
    fc.property(tables, newline, word, word, scalar, (all, end, table, key, value) => {
      const text = written(all, end);
      const before = parse(text);
      const edited = setInToml(text, [table, key], value);
      expect(edited).not.toBeNull();
      const wanted = { ...before, [table]: { ...(before[table] as object), [key]: value } };
      expect(parse(edited!)).toEqual(parse(stringify(wanted)));
      expect(commentsOf(edited!)).toEqual(commentsOf(text));
      if (text !== '') expect(edited!.replaceAll('\r\n', '').includes('\n')).toBe(end === '\n');
    }),
  );
});

test('whatever the file, each value that is in it can be set and taken out again', () => {
  fc.assert(
    fc.property(tables, newline, scalar, (all, end, value) => {
      const text = written(all, end);
      for (const { name, leaves } of all) {
        for (const { key } of leaves) {
          const set = setInToml(text, [name, key], value);
          const before = parse(text) as Record<string, Record<string, unknown>>;
          expect(parse(set!)).toEqual(parse(stringify({ ...before, [name]: { ...before[name], [key]: value } })));
          const removed = removeFromToml(text, [name, key]);
          const { [key]: _, ...others } = before[name]!;
          expect((parse(removed!)[name] as object) ?? {}).toEqual(others);
          expect(commentsOf(removed!)).toEqual(commentsOf(text));
        }
        expect(parse(removeFromToml(text, [name])!)[name]).toBeUndefined();
      }
    }),
  );
});

test('no text is edited into one that cannot be read', () => {
  const piece = fc.constantFrom(
    '[a]',
    '[[b]]',
    '[a.b]',
    'a',
    '.',
    ' = ',
    '1',
    '"x"',
    '{',
    '}',
    '[',
    ']',
    ',',
    '\n',
    '#c',
    "'''",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }),
      (pieces, keys) => {
        const text = pieces.join('');
        try {
          parse(text);
        } catch {
          return;
        }
        for (const edited of [setInToml(text, keys, 7), removeFromToml(text, keys)]) {
          if (edited !== null) expect(() => parse(edited)).not.toThrow();
        }
      },
    ),
    { numRuns: 500 },
  );
});
