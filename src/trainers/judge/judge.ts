/**
 * How a run ended: exit status, anchors of the log and artefacts together, because each alone misleads
 * (status 0 without training; a failing exit after the model was saved; a launcher's own status).
 */
import type { Diagnosis, Setting } from '../../model/facts.ts';
import type { Evidence, Judgement, LogState, Losses } from '../trainer.ts';
import { knownFailure } from './diagnoses.ts';
import { childStatus, exceptionLines } from './exceptions.ts';
import { diagnoseFailure, killed } from './failure.ts';

const politeSignals = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);
/** 128 + SIGHUP, SIGINT, SIGQUIT, SIGTERM; Windows' STATUS_CONTROL_C_EXIT. */
const politeStatuses = new Set([129, 130, 131, 143, 3221225786]);

export function judge(evidence: Evidence): Judgement {
  const child = childStatus(evidence.log.tail);
  const done = isDone(evidence);
  const unknown = evidence.exitCode === null && evidence.signal === null;
  if (unknown) return { ...withoutStatus(evidence, done), childStatus: child };
  if (evidence.exitCode === 0) return { ...afterZero(evidence, done), childStatus: child };
  if (wasAsked(evidence, child))
    return { status: 'interrupted', childStatus: child, diagnosis: interruption(evidence) };
  if (done && evidence.signal !== 'SIGKILL') {
    const failure = diagnoseFailure(evidence);
    const message = `The model was saved, then the trainer failed: ${failure.message}`;
    return { status: 'succeeded', childStatus: child, diagnosis: { ...failure, message } };
  }
  return { status: 'failed', childStatus: child, diagnosis: diagnoseFailure(evidence) };
}

function isDone({ log, artifacts }: Evidence): boolean {
  return log.anchors.modelSaved || artifacts.some((artifact) => artifact.kind === 'checkpoint' && artifact.final);
}

function wasAsked(evidence: Evidence, child: number | null): boolean {
  if (evidence.stopAsked) return true;
  if (evidence.oomKilled) return false;
  const status = child ?? evidence.exitCode;
  if (evidence.signal !== null) return politeSignals.has(evidence.signal);
  return (status !== null && politeStatuses.has(status)) || endedByKeyboard(evidence);
}

function endedByKeyboard({ log }: Evidence): boolean {
  return /^KeyboardInterrupt\b/.test(exceptionLines(log.tail).at(-1) ?? '');
}

function afterZero(evidence: Evidence, done: boolean): Omit<Judgement, 'childStatus'> {
  const { log, artifacts, settings } = evidence;
  const asked = withoutTraining(settings);
  if (asked !== null && !log.anchors.trainingStarted) {
    const message = `Nothing was trained: ${asked} ends the trainer before training`;
    return { status: 'succeeded', diagnosis: { code: 'nothing-trained', message, hint: null } };
  }
  const trained =
    log.anchors.trainingStarted ||
    done ||
    artifacts.some((artifact) => artifact.kind === 'checkpoint') ||
    log.saved.length > 0;
  if (!trained) {
    const diagnosis = knownFailure(log.tail.map((line) => line.trim())) ?? nothingTrained(evidence);
    return { status: 'failed', diagnosis };
  }
  if (done || log.anchors.trainingFinished || log.saved.length > 0) return afterTraining(evidence);
  if (evidence.stopAsked || endedByKeyboard(evidence))
    return { status: 'interrupted', diagnosis: interruption(evidence) };
  return { status: 'failed', diagnosis: nothingTrained(evidence) };
}

/** NaN losses in a row that are no accident of one batch. */
const severalNan = 3;

/** All that the bar tells. */
function averages({ series, nanStreak }: LogState): Losses {
  return { steps: series.find(({ tag }) => tag === 'loss/average')?.points ?? 0, nanStreak };
}

/** NaN in the weights never goes away: a loss that was NaN from the start to the end makes a useless model. */
function afterTraining({ log, losses }: Evidence): Omit<Judgement, 'childStatus'> {
  const { steps, nanStreak } = losses ?? averages(log);
  // One NaN makes the running average NaN for good, while the training may go on well: several in a row count.
  const isOdd = losses !== null && nanStreak < severalNan && nanStreak < steps;
  if (nanStreak === 0 || isOdd) return { status: 'succeeded', diagnosis: null };
  const useless = nanStreak >= steps - 1 || nanStreak >= 0.9 * steps;
  const diagnosis: Diagnosis = {
    code: 'nan-loss',
    message: useless
      ? `The loss was NaN in ${nanStreak} of ${steps} steps up to the end: the trainer saved a model, but it cannot be used`
      : `The loss was NaN in the last ${nanStreak} of ${steps} steps; the model that was saved may be unusable`,
    hint: 'Lower the learning rate, train in bf16 instead of fp16, use no_half_vae, or set max_grad_norm; an earlier checkpoint may be good.',
  };
  return { status: useless ? 'failed' : 'succeeded', diagnosis };
}

function withoutStatus(evidence: Evidence, done: boolean): Omit<Judgement, 'childStatus'> {
  if (done) return afterTraining(evidence);
  if (evidence.stopAsked || endedByKeyboard(evidence))
    return { status: 'interrupted', diagnosis: interruption(evidence) };
  if (evidence.oomKilled) return { status: 'failed', diagnosis: killed(true) };
  const exceptions = exceptionLines(evidence.log.tail);
  if (exceptions.length > 0 || childStatus(evidence.log.tail) !== null || hasUsageError(evidence)) {
    return { status: 'failed', diagnosis: diagnoseFailure(evidence) };
  }
  return { status: 'lost', diagnosis: null };
}

function hasUsageError({ log }: Evidence): boolean {
  return (
    /^\S+: error: /.test(log.tail.at(-1) ?? '') ||
    log.tail.some((line) => line.includes('No data found. Please verify'))
  );
}

/** Options that make sd-scripts end with 0 before any training. */
function withoutTraining(settings: readonly Setting[]): string | null {
  const on = (key: string) => settings.some((setting) => setting.key === key && setting.value === true);
  return on('output_config') ? '--output_config' : on('debug_dataset') ? '--debug_dataset' : null;
}

function nothingTrained({ log }: Evidence): Diagnosis {
  const { step, total } = log.progress;
  const where =
    step === null || step === 0
      ? 'without a step of training'
      : `at step ${step} of ${total ?? '?'} without saving a model`;
  const message = `The trainer ended with status 0 ${where}`;
  return { code: 'nothing-trained', message, hint: 'The end of the log (spoor log) may say why.' };
}

function interruption({ log }: Evidence): Diagnosis {
  const { step, total } = log.progress;
  const where = step === null ? 'before the first step' : `at step ${step} of ${total ?? '?'}`;
  const hint = 'Nothing is saved on an interrupt; with save_state a run can be resumed from its last state.';
  return { code: 'interrupted', message: `Stopped ${where}`, hint };
}
