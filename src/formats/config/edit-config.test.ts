import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { expect, test } from 'vitest';
import { editConfig } from './edit-config.ts';

test('only the value is written anew: comments, blanks, quotes and order stay', () => {
  const text = `# mine
[training]   # section
output_dir = '/old/out'   # where to
"learning rate" = 1e-4
network_args = [ "conv_dim=4", # four
  'preset=/old/p.toml' ]
cache = true
inline = { dir = "/old/x", n = 1 }
`;
  const edited = editConfig(text, 'toml', (path, value) => {
    if (path === 'training.cache') return false;
    return typeof value === 'string' && value.includes('/old') ? value.replace('/old', '/new "q"') : null;
  });
  expect(edited).toBe(
    text
      .replace("'/old/out'", '"/new \\"q\\"/out"')
      .replace("'preset=/old/p.toml'", '"preset=/new \\"q\\"/p.toml"')
      .replace('cache = true', 'cache = false')
      .replace('"/old/x"', '"/new \\"q\\"/x"'),
  );
});

test('subsets of a dataset file are told apart by their place', () => {
  const text = '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "a"\n[[datasets.subsets]]\nimage_dir = "b"\n';
  const seen: string[] = [];
  editConfig(text, 'toml', (path) => {
    seen.push(path);
    return null;
  });
  expect(seen).toEqual(['datasets[0].subsets[0].image_dir', 'datasets[0].subsets[1].image_dir']);
});

test('YAML and JSON are edited in place too', () => {
  const change = (_: string, value: unknown) => (value === '/old' ? '/new: it' : null);
  expect(editConfig('a: /old # c\nb:\n  - /old\n  - 3\n', 'yaml', change)).toBe(
    'a: "/new: it" # c\nb:\n  - "/new: it"\n  - 3\n',
  );
  expect(editConfig('{ "a": "/old", "b": [1, "/old"] }', 'json', change)).toBe(
    '{ "a": "/new: it", "b": [1, "/new: it"] }',
  );
});

test('whatever the texts are, the edited file holds the new ones and all else as before', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  const table = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 })));
  fc.assert(
    fc.property(fc.dictionary(text, fc.oneof(table, text)), text, (document, addition) => {
      const edited = editConfig(stringify(document), 'toml', (_, value) =>
        typeof value === 'string' ? value + addition : null,
      );
      const expected = JSON.parse(JSON.stringify(document), (_, value) =>
        typeof value === 'string' ? value + addition : value,
      );
      expect(parse(edited)).toEqual(parse(stringify(expected)));
    }),
  );
});
