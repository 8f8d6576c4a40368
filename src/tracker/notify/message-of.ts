import type { Diagnosis } from '../../model/facts.ts';
import type { Run } from '../../model/run.ts';
import { redactText } from '../../model/secrets.ts';
import { duration, number } from '../../model/words.ts';
import type { Message } from '../../notify/message.ts';
import type { Occasion } from './pending.ts';

/** What is said of an occasion: of the run its name, place and outcome; no command, no prompt, no secret. */
export function messageOf(run: Run, { key, event, at }: Occasion): Message {
  const name = clean(run.name.full);
  const happened = run.events.find((each) => each.key === key);
  const diagnosis = happened ? null : cleanDiagnosis(run.diagnosis);
  const lines = [
    happened && clean(happened.message),
    happened?.stops && 'The training is being stopped.',
    diagnosis?.message,
    diagnosis?.hint,
    reached(run, happened?.step ?? null),
    happened ? null : taken(run),
    run.host !== '' && `on ${clean(run.host)}`,
  ];
  return {
    key: `${run.id}/${key}`,
    event,
    at,
    title: `${name} ${titleOf(run, event)}`,
    text: lines.filter(Boolean).join('\n'),
    run: {
      id: run.id,
      name,
      family: clean(run.family),
      status: run.status,
      host: clean(run.host),
      step: happened?.step ?? run.progress?.step ?? null,
      total: run.progress?.total ?? null,
      loss: run.progress?.loss ?? null,
      startedAt: run.startedAt,
      endedAt: run.endedAt,
      diagnosis,
    },
    picture: null,
  };
}

const titles: Record<Occasion['event'], string> = {
  finish: 'has finished',
  failure: 'has failed',
  interrupted: 'was interrupted',
  nan: 'has lost its way: NaN',
  stall: 'makes no progress',
  disk: 'runs out of disk',
};

function titleOf({ status }: Run, event: Occasion['event']): string {
  if (event !== 'failure') return titles[event];
  return { lost: 'ended unseen', interrupted: 'was stopped' }[status as string] ?? titles.failure;
}

function taken({ machine }: Run): string {
  if (machine?.gpuHours == null) return '';
  const { cost, gpuHours } = machine;
  const price = cost === null ? '' : `, ${cost.amount.toFixed(2)} ${clean(cost.currency)}`;
  return `${gpuHours.toFixed(1)} GPU-hours${price}`.trimEnd();
}

function reached({ progress, startedAt, endedAt }: Run, at: number | null): string {
  const step = at ?? progress?.step ?? null;
  const parts = [
    step !== null && `step ${step}${progress?.total ? ` of ${progress.total}` : ''}`,
    at === null && typeof progress?.loss === 'number' && `loss ${number(Number(progress.loss.toPrecision(4)))}`,
    endedAt !== null && `after ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`,
  ];
  return parts.filter(Boolean).join(', ');
}

function cleanDiagnosis(diagnosis: Diagnosis | null): Diagnosis | null {
  if (diagnosis === null) return null;
  const { code, message, hint } = diagnosis;
  return { code: clean(code), message: clean(message), hint: hint === null ? null : clean(hint) };
}

/** One line without secrets, and without characters that a screen would obey. */
function clean(text: string): string {
  return redactText(text, 'text').text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g,
    ' ',
  );
}
