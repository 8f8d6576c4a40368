import type { Diagnosis } from '../../model/facts.ts';
import type { Evidence } from '../trainer.ts';
import { knownFailure } from './diagnoses.ts';
import { childStatus, exceptionLines } from './exceptions.ts';

/** Why a run failed, from the exception that ended it, else from the last lines, else from its status. */
export function diagnoseFailure(evidence: Evidence): Diagnosis {
  const { tail } = evidence.log;
  const exceptions = exceptionLines(tail);
  const known = knownFailure(exceptions.slice(-1)) ?? knownFailure(exceptions) ?? knownFailure(tail.map(messageOf));
  if (known !== null) return known;
  const last = exceptions.at(-1);
  if (last !== undefined && !/^KeyboardInterrupt\b/.test(last)) {
    const hint = 'The traceback in the log (spoor log) shows where.';
    return { code: 'exception', message: last.slice(0, 300), hint };
  }
  return byStatus(evidence);
}

function byStatus(evidence: Evidence): Diagnosis {
  const child = childStatus(evidence.log.tail);
  const status = child ?? evidence.exitCode;
  if (evidence.signal === 'SIGKILL' || status === 137 || evidence.oomKilled) return killed(evidence.oomKilled);
  if (status === 126 || status === 127) {
    const message = status === 127 ? 'The command was not found' : 'The command cannot be executed';
    return { code: 'start-failed', message, hint: 'Check its name, and the environment it is started in.' };
  }
  if (evidence.signal !== null || (status !== null && status > 128 && status < 160)) {
    const name = evidence.signal ?? `signal ${status! - 128}`;
    return { code: 'killed', message: `The trainer was ended by ${name}`, hint: null };
  }
  if (status === 3221225477) {
    const message = 'The trainer crashed on an invalid memory access (0xC0000005)';
    return {
      code: 'child-failed',
      message,
      hint: 'This is mostly a driver or a native library (xformers, bitsandbytes) that does not fit.',
    };
  }
  const code = child === null ? 'exception' : 'child-failed';
  const who = child === null ? 'The trainer' : 'The trainer beneath the launcher';
  const message = status === null ? `${who} ended early` : `${who} ended with status ${status} and gave no reason`;
  return { code, message, hint: 'The end of the log (spoor log) may say more.' };
}

/** @param oom whether the kernel is known to have struck for want of memory; null if not known */
export function killed(oom: boolean | null): Diagnosis {
  if (oom) {
    const hint =
      'Lower max_data_loader_n_workers, use lowram or cache_latents_to_disk, close other programs, or add memory.';
    return { code: 'host-out-of-memory', message: 'The kernel killed the trainer because memory ran out', hint };
  }
  const hint = 'If nobody killed it, memory ran out: dmesg or the job scheduler can tell.';
  return { code: 'killed', message: 'The trainer was killed (SIGKILL)', hint };
}

/** A log line without rich's time, level and place. */
function messageOf(line: string): string {
  return line
    .replace(/^(?:[\d-]{10} [\d:]{8}| {19}) \w+ +/, '')
    .replace(/ +[\w.-]+\.(?:py|mjs):\d+ *$/, '')
    .trim();
}
