import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Change } from '../../diff/change.ts';
import { SpoorError } from '../../model/errors.ts';
import type { Measured } from '../../model/facts.ts';
import type { Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { parseOverride } from '../../tracker/restore/override.ts';
import { type PreparedRerun, prepareRerun } from '../../tracker/restore/rerun.ts';
import { type RerunOutcome, rerunOutcome } from '../../tracker/restore/rerun-outcome.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { changesLine } from '../reporters/changes.ts';
import { progressReporter } from '../reporters/progress.ts';
import { number, plural, shortPath, visible } from '../text.ts';
import { missingLines } from './restore.ts';
import { startAndRecord } from './run.ts';

export interface RerunOptions {
  set?: string[];
  name?: string;
  into?: string;
  reason?: string;
  force?: true;
}

/** Runs it again from its record. Returns the trainer's own exit status, 78 where the inputs are others. */
export async function rerun(context: Context, reference: string, options: RerunOptions): Promise<number> {
  const { home, recording, find } = await openSettled(context, 'any');
  const { env, userHome, cwd } = context;
  const report = progressReporter(context);
  const rerunning = await prepareRerun(
    recording,
    {
      run: await find(reference),
      into: options.into === undefined ? null : resolve(cwd, options.into),
      overrides: (options.set ?? []).map((text) => parseOverride(text, cwd)),
      name: options.name ?? null,
      reason: options.reason ?? null,
      env,
      userHome,
    },
    report.tell,
  );
  report.end();
  const { parent, prepared, restored } = rerunning;
  const reasons = differenceLines(rerunning);
  if (reasons.length > 0 && !options.force) {
    await rerunning.discard();
    throw refused(parent, reasons);
  }
  for (const reason of reasons) warn(context, reason, null);
  say(context, `${visible(parent.name.full)} runs again in ${shortPath(restored.into, userHome)}`);
  const status = await startAndRecord(context, prepared, recording, {}).catch(async (error) => {
    // Nothing was started: no such program.
    await rerunning.discard();
    throw error;
  });
  await tellOutcome(context, home, parent, prepared.id);
  return status;
}

function differenceLines({ missing, differences }: PreparedRerun): string[] {
  const missed = new Set(missing.filter(({ kind }) => kind === 'model').map(({ path }) => path));
  // A model that is another now is told once.
  const told = differences.filter(({ area, after }) => area !== 'model' || !missed.has(String(after)));
  return [...missingLines(missing, 20), ...told.map((each) => changesLine([each], Number.POSITIVE_INFINITY))];
}

function refused({ name }: Run, reasons: readonly string[]): SpoorError {
  const list = reasons.map((reason) => `\n  - ${reason}`).join('');
  const message = `${visible(name.full)} cannot be run again as it was:${list}`;
  return new SpoorError('refused', 'inputs-differ', message, 'Bring these back as they were, or go on with --force.');
}

function say({ stderr, errorStyle }: Context, text: string): void {
  stderr.write(`${errorStyle.dim(`spoor: ${text}`)}\n`);
}

/** Milliseconds for which the record is waited for: what was trained is hashed before it is compared. */
const patience = 60_000;

async function tellOutcome(context: Context, home: Home, parent: Run, id: RunId): Promise<void> {
  let until = performance.now() + patience;
  process.once('SIGINT', () => {
    until = 0;
  });
  const isOpen = () => existsSync(join(home.directory, 'active', id));
  while (isOpen() && performance.now() < until) await delay(50);
  const now = await loadRun(home, id).catch(() => null);
  if (isOpen() || now === null) {
    say(context, `its record is completed in the background; spoor show ${id} shows it`);
    return;
  }
  for (const line of outcomeLines(parent, rerunOutcome(parent, now))) say(context, line);
}

function outcomeLines({ id, name }: Run, outcome: RerunOutcome): string[] {
  const { identical, changes, unknown, loss, series, tensors } = outcome;
  const then = `${visible(name.full)} (${id})`;
  const lines = identical
    ? [`the inputs are identical to those of ${then}`]
    : [`the inputs differ from those of ${then}: ${changesLine(changes, Number.POSITIVE_INFINITY)}`];
  if (unknown.length > 0) lines.push(`not known: ${unknown.map(subjectOf).join(', ')}`);
  if (loss.before !== null && loss.after !== null) {
    const same = loss.before === loss.after;
    lines.push(
      same
        ? `final loss ${lossText(loss.after)}, the same`
        : `final loss ${lossText(loss.before)} → ${lossText(loss.after)}`,
    );
  }
  if (series.compared > 0) {
    const { compared, different } = series;
    const what = different.length === 0 ? 'all the same' : `${different.map(visible).join(', ')} differ`;
    lines.push(`${plural(compared, 'series', 'series')} compared: ${what}`);
  }
  if (tensors.before !== null && tensors.after !== null) {
    lines.push(
      tensors.before === tensors.after ? 'the final tensors are the same, bit for bit' : 'the final tensors differ',
    );
  }
  return lines;
}

const subjectOf = ({ area, subject }: Change) => `${area} ${visible(subject)}`;

function lossText(loss: Measured): string {
  return typeof loss === 'number' ? number(loss) : loss;
}
