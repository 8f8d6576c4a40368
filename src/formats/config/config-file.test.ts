import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { maximumConfigBytes, parseConfig } from './config-file.ts';

const parse = (text: string | Uint8Array, path: string) =>
  parseConfig(typeof text === 'string' ? Buffer.from(text) : text, { path, role: 'config' });
const fixture = (name: string) => new URL(`../../../test/fixtures/${name}`, import.meta.url).pathname;
const lineOf = (file: { lines: ReadonlyMap<string, number> }, key: string) => file.lines.get(key) ?? null;

describe('TOML', () => {
  it('gives the values of a sectioned sd-scripts configuration with the line of each', async () => {
    const path = fixture('lycoris/lokr_config.toml');
    const text = readFileSync(path, 'utf8');
    const file = await parse(text, path);
    expect(file).toMatchObject({ format: 'toml', error: null, role: 'config', path });
    const lines = text.split('\n');
    for (const [key, line] of file.lines) {
      const last = key.slice(key.lastIndexOf('.') + 1);
      expect(lines[line - 1], key).toContain(last);
    }
    expect(file.lines.size).toBeGreaterThan(20);
  });

  it('counts arrays of tables as the trainers name them', async () => {
    const path = fixture('kohya_ss-gui/dataset-multires.toml');
    const text = readFileSync(path, 'utf8');
    const file = await parse(text, path);
    expect(file.error).toBeNull();
    const line = lineOf(file, 'datasets[1].subsets[0].image_dir');
    expect(line).not.toBeNull();
    expect(text.split('\n')[line! - 1]).toContain('image_dir');
    expect(
      text
        .split('\n')
        .slice(0, line!)
        .filter((each) => each.startsWith('[[datasets]]')),
    ).toHaveLength(2);
  });

  it('keeps 64-bit integers exact and makes dates and infinities text', async () => {
    const file = await parse(
      'seed = 9223372036854775807\nday = 2026-01-02\nat = 2026-01-02T03:04:05Z\nx = inf\ny = -1',
      'a.toml',
    );
    expect(file.value).toEqual({
      seed: 'int:9223372036854775807',
      day: '2026-01-02',
      at: '2026-01-02T03:04:05.000Z',
      x: 'Infinity',
      y: -1,
    });
  });

  it('finds lines behind multi-line strings, arrays, comments and quoted keys', async () => {
    const text = [
      'a = """ # no comment',
      'b = 1 "quoted" \\"""',
      'still"""" # end',
      'list = [ # [x]',
      "  'it''s', # ]",
      '  "\\"]",',
      ']',
      '"quoted.key" = { inner = 1, \'deep er\'.x = [ { y = 2 } ] }',
      "lit = '''",
      "c = ''",
      "'''",
      '[ table . "x\\u0041" ]\r',
      'last = 07:32:00 # time\r',
      '',
    ]
      .join('\n')
      .replace("'it''s'", "'its'");
    const file = await parse(text, 'a.toml');
    expect(file.error).toBeNull();
    expect(Object.fromEntries(file.lines)).toEqual({
      a: 1,
      list: 4,
      'quoted.key': 8,
      'quoted.key.inner': 8,
      'quoted.key.deep er.x': 8,
      'quoted.key.deep er.x[0]': 8,
      'quoted.key.deep er.x[0].y': 8,
      lit: 9,
      'table.xA': 12,
      'table.xA.last': 13,
    });
  });

  it.each([
    ['x = 1\na = [1, 0.5]', 'line 2: an array of mixed types'],
    ['a = { b = 1,\n c = 2 }', 'line 1: an inline table over several lines'],
    ['a = { b = 1, }', 'line 1: a comma after the last entry of an inline table'],
    ['a = "\\e[0m"', 'line 1: an escape `\\e` or `\\x`'],
    ['a = 07:32', 'line 1: a time without seconds'],
    ['a = 2026-01-02 07:32Z', 'line 1: a time without seconds'],
    ['\n\na = 0xff', 'line 3: an integer that is not decimal'],
  ])('says that Python refuses %j, and gives its value all the same', async (text, error) => {
    const file = await parse(text, 'a.toml');
    expect(file.error).toBe(`${error}, which Python's toml refuses`);
    expect(file.value).toHaveProperty('a');
  });

  it.each(['a = "\\\\e"', 'a = [[1], ["x"]]', 'a = [{b = 1}, {c = "x"}]', 'a = [1, 2,]', "a = '\\e'", 'a = 1e-4'])(
    'does not say it of %j',
    async (text) => {
      expect((await parse(text, 'a.toml')).error).toBeNull();
    },
  );

  it('says that a byte-order mark spoils the first key', async () => {
    expect(await parse('\uFEFFa = 1', 'a.toml')).toMatchObject({
      error: expect.stringContaining('byte-order mark'),
      value: { a: 1 },
    });
  });

  it('keeps __proto__ a key like others', async () => {
    const file = await parse('[__proto__]\npolluted = 1\n[a]\n__proto__.x = 2\nconstructor = 3', 'a.toml');
    expect(Object.keys(file.value!)).toEqual(['__proto__', 'a']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(JSON.stringify(file.value)).toBe('{"__proto__":{"polluted":1},"a":{"__proto__":{"x":2},"constructor":3}}');
  });

  it('places the keys of whatever can be written as TOML', async () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
    const key = fc.string({ minLength: 1, maxLength: 8 }).filter((each) => !each.includes('.'));
    const tables = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { maxKeys: 4 })), { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(tables, async (value) => {
        const text = stringify(value);
        const file = await parse(text, 'a.toml');
        expect(file.error).toBeNull();
        expect(file.value).toEqual(JSON.parse(JSON.stringify(value)));
        const lines = text.split('\n');
        for (const [name, each] of Object.entries(value)) {
          const line = lineOf(file, name);
          // An empty table written as a dotted header only, or a leaf: both stand on a line of their own.
          expect(line, name).not.toBeNull();
          const start = lines[line! - 1]!.replace(/^\[/, '');
          expect(start.startsWith(name) || start.startsWith(JSON.stringify(name).slice(0, 1)), text).toBe(true);
          if (typeof each !== 'object' || Array.isArray(each)) continue;
          for (const inner of Object.keys(each)) expect(lineOf(file, `${name}.${inner}`)).toBeGreaterThan(line!);
        }
      }),
    );
  });
});

describe('JSON', () => {
  it('gives the values of a GUI configuration with lines', async () => {
    const path = fixture('kohya_ss-gui/locon-Prodigy.json');
    const file = await parse(readFileSync(path), path);
    expect(file).toMatchObject({ format: 'json', error: null });
    const lines = readFileSync(path, 'utf8').split('\n');
    for (const [key, line] of file.lines) expect(lines[line - 1]).toContain(`"${key}":`);
    expect([...file.lines.keys()]).toEqual(Object.keys(file.value!));
  });

  it('names places inside arrays and objects, and takes no text for a key', async () => {
    const text = '{"a": [1, {"b":\n 2, "c": "d\\": {"}, ["e", {"f"\n: 3}]],\n"g": {"h": "i"}}';
    const file = await parse(text, 'a.json');
    expect(Object.fromEntries(file.lines)).toEqual({
      a: 1,
      'a[1]': 1,
      'a[1].b': 1,
      'a[1].c': 2,
      'a[2][1]': 2,
      'a[2][1].f': 2,
      g: 4,
      'g.h': 4,
    });
  });

  it('keeps integers beyond 2^53 exact and __proto__ a key', async () => {
    const file = await parse('{"a": [12345678901234567890, -1, 1e300], "__proto__": {"x": 1}}', 'a.json');
    expect(JSON.stringify(file.value)).toBe('{"a":["int:12345678901234567890",-1,1e+300],"__proto__":{"x":1}}');
  });

  it('reads back whatever is written as JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), async (value) => {
        const text = JSON.stringify(value, null, 2);
        // Integers beyond 2^53 become text; their own test has them.
        fc.pre(!/\d{16}/.test(text));
        const file = await parse(text, 'a.json');
        expect(file.error).toBeNull();
        expect(JSON.stringify(file.value)).toBe(JSON.stringify(value).replaceAll(/-0(?=[,\]}])/g, '0'));
      }),
    );
  });
});

describe('YAML', () => {
  it('reads as PyYAML does: merge keys, yes and no, exponents, the last of equal keys', async () => {
    const text =
      'base: &b {lr: 1e-4, n: yes}\njob:\n  <<: *b\n  y: off\n  steps: 10\n  steps: 20\nbig: 12345678901234567890\n';
    const file = await parse(text, 'a.yaml');
    expect(file.error).toBeNull();
    expect(file.value).toEqual({
      base: { lr: 1e-4, n: true },
      job: { lr: 1e-4, n: true, y: false, steps: 20 },
      big: 'int:12345678901234567890',
    });
    expect(lineOf(file, 'job.steps')).toBe(6);
    expect(lineOf(file, 'base.lr')).toBe(1);
  });

  it('reads an empty document as no settings', async () => {
    expect((await parse('# nothing\n', 'a.yml')).value).toEqual({});
  });
});

describe('hostile files', () => {
  it('refuses a file of 100 MB without looking at it', async () => {
    const bytes = new Uint8Array(100 << 20);
    const started = performance.now();
    const file = await parse(bytes, 'a.toml');
    expect(performance.now() - started).toBeLessThan(100);
    expect(file).toMatchObject({
      value: null,
      error: `it has ${100 << 20} bytes, more than the ${maximumConfigBytes.toml} that Spoor reads of a configuration`,
    });
  });

  it.each([
    ['a.toml', `a = ${'['.repeat(100_000)}`],
    ['a.toml', `[${'a.'.repeat(100_000)}a]`],
    ['a.toml', `a${'.a'.repeat(100)} = 1`],
    ['a.json', `{"a":${'['.repeat(100_000)}`],
    ['a.yaml', '['.repeat(20_000)],
    [
      'a.yaml',
      `a: &a [x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, i) => `b${i}: &b${i} [${Array(8).fill(i ? `*b${i - 1}` : '*a')}]`).join('\n')}`,
    ],
    ['a.json', '[1, 2]'],
    ['a.yaml', '- 1'],
    ['a.toml', 'a = '],
    ['a.json', ''],
  ])('has an error and no value for %s %.20s', async (path, text) => {
    const file = await parse(text, path);
    expect(file.value).toBeNull();
    expect(file.error).toMatch(/\w/);
    expect(file.error).not.toContain('\n');
  });

  it('says so of bytes that are no UTF-8', async () => {
    expect(await parse(Buffer.from([0x61, 0x3d, 0x22, 0xff, 0x22]), 'a.toml')).toMatchObject({
      value: null,
      error: 'it is not UTF-8',
    });
  });

  it('never throws, whatever it is given', async () => {
    const bits = fc.array(
      fc.constantFrom(
        'a',
        '=',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '"""',
        '\n',
        ',',
        '.',
        '\\',
        '#',
        ':',
        '1',
        '-',
        ' ',
        '&a',
        '*a',
        '\u0000',
        '😺',
      ),
    );
    await fc.assert(
      fc.asyncProperty(bits, fc.constantFrom('a.toml', 'a.json', 'a.yaml'), async (pieces, path) => {
        const file = await parse(pieces.join(''), path);
        expect(file.value !== null || file.error !== null).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
