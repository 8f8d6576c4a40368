/**
 * For tests: follows a run in a process of its own, to be killed. Appends each fact to a journal and
 * starts from what the journal holds. Arguments: output directory, log, prompts, journal, start, file
 * whose existence means that the trainer has ended.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { sdScripts } from '../../trainers/sd-scripts/sd-scripts.ts';
import { followRun } from '../follow-run.ts';
import { artifactsOf, promptsOf } from './journal.ts';
import { plan } from './stand-in.ts';

const [output, logPath, prompts, journal, startedAt, endedFile] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const lines = existsSync(journal) ? readFileSync(journal, 'utf8') : '';
// A line that was torn by a kill is ended, as the real journal does it.
if (lines !== '' && !lines.endsWith('\n')) appendFileSync(journal, '\n');
const ended = new AbortController();
const watch = setInterval(() => existsSync(endedFile) && ended.abort(), 20);
if (existsSync(endedFile)) ended.abort();
const recorded = promptsOf(lines).at(-1) ?? null;
for await (const found of followRun({
  trainer: sdScripts,
  outputs: plan(output),
  cwd: output,
  logPath,
  startedAt: Number(startedAt),
  existedBefore: null,
  known: [...artifactsOf(lines).values()],
  prompts: [{ path: prompts, recorded }],
  wantsMetadata: true,
  ended: ended.signal,
  settleMs: 60,
  everyMs: 40,
})) {
  const fact = found.type === 'prompts' ? { type: 'prompts', sha256: found.version.sha256 } : found;
  appendFileSync(journal, `${JSON.stringify(fact)}\n`);
}
clearInterval(watch);
