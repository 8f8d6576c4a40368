/**
 * npm run bench [-- [--json] [NAME…]]: each `*.bench.ts` beside this file, or those named, against its
 * peers. The table goes to stderr as it grows; with `--json`, all results to stdout at the end.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Benchmark, compare, type Result } from './harness.ts';

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const suffix = '.bench.ts';
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .sort();
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(' or ')}; there are ${known.join(', ')}.`);
  process.exit(2);
}

const columns = [36, 34, 10, 10, 7, 15, 7];
const row = (...cells: string[]) =>
  console.error(
    cells.map((cell, i) => (i < 2 ? cell.padEnd(columns[i] ?? 0) : cell.padStart(columns[i] ?? 0))).join(' '),
  );
row('what', 'peer', 'ours, ms', 'peer, ms', 'ratio', 'range', 'goal');

const results: Result[] = [];
for (const name of known.filter((name) => positionals.length === 0 || positionals.includes(name))) {
  const directory = mkdtempSync(join(tmpdir(), `spoor-bench-${name}-`));
  try {
    const { default: benchmark }: { default: Benchmark } = await import(`./${name}${suffix}`);
    for (const comparison of await benchmark(directory)) {
      const result = await compare(comparison);
      results.push(result);
      row(
        result.name,
        result.peerName,
        result.ours.toFixed(1),
        result.peer.toFixed(1),
        result.ratio.toFixed(2),
        result.ratioRange.map((ratio) => ratio.toFixed(2)).join('–'),
        result.goal === null ? '' : `${result.met ? '≤' : '>'} ${result.goal}`,
      );
    }
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}
if (values.json) console.log(JSON.stringify(results, null, 2));
// A server that was measured may still listen.
process.exit(results.every(({ met }) => met) ? 0 : 1);
