/**
 * Plays `spoor run` in a process of its own, so that tests can send it signals and kill it:
 * `node play-run.ts RUN-DIRECTORY attached|impatient|detached|nohup|tied COMMAND…`; `tied` dies with its trainer, and crashes
 * once there is a file `crash`. Tells on standard error what
 * became of signals, as `GROUP SIGINT`.
 */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { descriptorWriter } from '../descriptor.ts';
import { exitStatusOf } from '../exit.ts';
import { dieTogether } from '../guard.ts';
import { openLog } from '../log.ts';
import { forwardSignals } from '../signals.ts';
import { startTrainer } from '../start.ts';
import { tailLog } from '../tail.ts';

const [runDirectory, mode, ...argv] = process.argv.slice(2) as [string, string, ...string[]];
const runId = basename(resolve(runDirectory));
const path = join(runDirectory, 'log');
const log = await openLog(path);
const say = (text: string) => {
  try {
    process.stderr.write(text);
  } catch {
    // The terminal is gone.
  }
};
process.stderr.on('error', () => {});
const ignored: NodeJS.Signals[] = mode === 'nohup' ? ['SIGHUP'] : [];
const signals =
  mode === 'detached'
    ? null
    : forwardSignals({
        ignored,
        patience: mode === 'impatient' ? 300 : 10_000,
        told: ({ signal, handled }) => say(`${handled.toUpperCase()} ${signal}\n`),
      });
const launched = startTrainer({
  runId,
  argv,
  cwd: process.cwd(),
  env: process.env,
  runDirectory,
  log,
  mode: mode === 'detached' ? 'detached' : 'attached',
  ignored,
});
for (const { code } of log.warnings) process.stderr.write(`WARNING ${code}\n`);
if (signals === null) {
  launched.unref();
  process.stderr.write(`WAITER ${launched.waiter.pid}\n`);
} else {
  signals.to({ runId, waiter: launched.waiter });
  const tail = log.descriptor === null ? null : tailLog({ path, write: descriptorWriter(1) });
  if (mode === 'tied') {
    dieTogether({ runId, waiter: launched.waiter }, runDirectory);
    process.stderr.write('TIED\n');
    setInterval(() => {
      if (existsSync(join(runDirectory, 'crash'))) throw new Error('a defect');
    }, 10);
  }
  const ended = await launched.ended;
  await tail?.finish();
  signals.stop();
  process.exit(ended === null ? 1 : exitStatusOf(ended));
}
