/** Catches up with runs described by a file, and kills itself at the step whose number it is given. */
import { readFileSync } from 'node:fs';
import { openCatalog } from './catalog.ts';
import { MemoryRuns } from './test-rows.ts';

const [file, described, killAt] = process.argv.slice(2) as [string, string, string];
const runs = new MemoryRuns();
for (const [id, run] of JSON.parse(readFileSync(described, 'utf8'))) runs.runs.set(id, run);
let step = 0;
const onStep = () => {
  if (step++ === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};
const lock = async () => ({ release: async () => {} });
await (await openCatalog({ file, runs, lock, onStep })).close();
