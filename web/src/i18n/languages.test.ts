import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en.json' with { type: 'json' };
import hu from './hu.json' with { type: 'json' };
import ja from './ja.json' with { type: 'json' };

type Tree = { [key: string]: string | Tree };
const flat = (tree: Tree, before = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[before + key, value] as [string, string]] : flat(value, `${before}${key}.`),
  );
/** Of a plural the part without its number: languages have as many forms as they have. */
const base = (key: string) => key.replace(/_(?:zero|one|two|few|many|other)$/, '');
const names = (tree: Tree) => [...new Set(flat(tree).map(([key]) => base(key)))].sort();
const english = new Map(flat(en));

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
const code = sources(join(import.meta.dirname, '..')).join('\n');

describe.each([
  ['Hungarian', hu],
  ['Japanese', ja],
] as const)('%s', (_, tree) => {
  it('has a text for everything that English has one for, and no others', () => {
    expect(names(tree)).toEqual(names(en));
  });

  it('names the same values in each text', () => {
    const values = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].sort();
    for (const [key, text] of flat(tree)) {
      const other = english.get(key) ?? english.get(`${base(key)}_other`) ?? '';
      // A form for one thing need not say the number.
      if (!key.endsWith('_one')) expect([key, values(text)]).toEqual([key, values(other)]);
    }
  });

  it('has the form that all numbers fall back to', () => {
    const forms = flat(tree).map(([key]) => key);
    for (const key of forms) if (key !== base(key)) expect(forms).toContain(`${base(key)}_other`);
  });
});

describe('the page', () => {
  const known = new Set(names(en));

  it('asks for no text that there is not', () => {
    const asked = [...code.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map(([, key]) => key ?? '');
    expect(asked.length).toBeGreaterThan(200);
    expect(asked.filter((key) => !known.has(key))).toEqual([]);
  });

  it('has texts for every part that it makes keys of', () => {
    const prefixes = [...code.matchAll(/\bt\(\s*`([\w.]+)\.\$\{/g)].map(([, prefix]) => prefix ?? '');
    expect(prefixes.length).toBeGreaterThan(15);
    for (const prefix of prefixes) expect([...known].some((key) => key.startsWith(`${prefix}.`))).toBe(true);
  });

  it('has no text that nothing asks for', () => {
    const mentioned = (key: string) =>
      code.includes(`'${key}'`) || code.includes(`\`${key.slice(0, key.lastIndexOf('.'))}.\${`);
    expect([...known].filter((key) => !mentioned(key))).toEqual([]);
  });
});
