import { join } from 'node:path';
import { findProgram } from '../../capture/python/program.ts';
import { type MachineSampler, sampleMachine } from '../../follow/machine/sampler.ts';
import { isAlive } from '../../launch/identity.ts';
import { trainerProcesses } from '../../launch/tree.ts';
import type { RecordedRun } from '../../model/run.ts';
import { MetricsWriter } from '../../store/metrics/metrics-writer.ts';
import type { ActiveRun } from '../active.ts';
import type { Recording } from '../request.ts';

/** Null where the trainer has ended already, runs elsewhere, or nobody knows where: it is followed by what it writes. */
export function sampleRun(
  recording: Recording,
  { run, outputs }: RecordedRun,
  active: ActiveRun | null,
): MachineSampler | null {
  const waiter = active?.waiter ?? null;
  if (waiter === null || isAlive(waiter) !== 'alive') return null;
  const { home, env } = recording;
  const program = findProgram('nvidia-smi', { env, cwd: '/' });
  const processes = { runId: run.id, waiter, pty: active?.pty === true };
  return sampleMachine({
    // Each recorder of a run has files of its own.
    sink: new MetricsWriter(
      join(home.runs.path(run.id), 'machine'),
      `machine ${recording.now().toISOString()} ${recording.host}`,
    ),
    pids: () => trainerProcesses(processes),
    outputDir: outputs?.plan.outputDir ?? run.outputDir,
    home: home.directory,
    nvidia: program === null ? null : { program, env },
  });
}
