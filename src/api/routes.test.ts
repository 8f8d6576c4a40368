import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addressOf } from './client.ts';
import { endpointNames, endpoints } from './endpoints.ts';
import { routes } from './routes.ts';

const run = '01KTEST0000000000000000000';

test('no two routes share a method and a path', () => {
  const all = endpointNames.map((name) => `${endpoints[name].method} ${endpoints[name].path.replace(/:\w+/g, ':')}`);
  expect(new Set(all).size).toBe(all.length);
});

test('the parts of every path are declared, and no others', () => {
  for (const name of endpointNames) {
    const route = routes[name];
    const declared = 'params' in route ? Object.keys(route.params.shape) : [];
    expect([name, ...[...endpoints[name].path.matchAll(/:(\w+)/g)].map((match) => match[1])]).toEqual([
      name,
      ...declared,
    ]);
  }
});

test('only what changes nothing is asked with GET', () => {
  for (const name of endpointNames) {
    const takesBody = 'body' in routes[name];
    if (takesBody) expect([name, endpoints[name].method]).not.toEqual([name, 'GET']);
  }
});

test('an address encodes what stands in it and repeats what is a list', () => {
  expect(addressOf('points', { run: [run], tag: ['loss/average', 'a&b'], points: 100 })).toBe(
    `/api/points?run=${run}&tag=loss%2Faverage&tag=a%26b&points=100`,
  );
  expect(addressOf('readFile', { run, file: '../../etc' })).toBe(`/api/runs/${run}/files/..%2F..%2Fetc`);
});

test('what a page imports needs no schema at run time', () => {
  const modules = new Set<string>();
  const follow = (file: string) => {
    if (modules.has(file)) return;
    modules.add(file);
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    for (const [, kind, from] of text.matchAll(/^(?:import|export) (type )?[^;]*?from '([^']+)';/gms)) {
      if (kind) continue;
      if (!from?.startsWith('./')) modules.add(from ?? '');
      else follow(from);
    }
  };
  follow('./index.ts');
  expect([...modules].sort()).toEqual([
    './client.ts',
    './endpoints.ts',
    './index.ts',
    './points-frame.ts',
    './shared-site.ts',
  ]);
});

test('texts from an address become numbers, lists and truth values', () => {
  const asked = routes.points.query.parse({ run, tag: 'loss', from: '10', points: '500', lineage: 'true' });
  expect(asked).toEqual({ run: [run], tag: ['loss'], from: 10, points: 500, lineage: true });
  expect(routes.points.query.safeParse({ run, tag: 'loss', points: '1e9' }).success).toBe(false);
  expect(routes.points.query.safeParse({ run: '../etc', tag: 'loss' }).success).toBe(false);
});
