import type { GpuNow, RunningRun } from '../../tracker/running-runs.ts';
import { runningRuns } from '../../tracker/running-runs.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { etaText, percentText, phaseText, rateText, sparkline } from '../reporters/progress-text.ts';
import { type Column, tableLines } from '../reporters/table.ts';
import { duration, number, visible } from '../text.ts';

/** The runs that train now, a line each. */
export async function ps(context: Context, options: { json?: true }): Promise<number> {
  const { home, recording } = await openSettled(context);
  const runs = await runningRuns(home, context.now(), recording.settings.notify.stallAfter);
  if (options.json) {
    context.stdout.write(`${jsonText(runs, 2)}\n`);
    return 0;
  }
  if (runs.length === 0) {
    context.stderr.write('Nothing is running. spoor ls shows what ran.\n');
    return 0;
  }
  const width = context.stdout.isTTY || context.env.COLUMNS ? context.columns : Number.POSITIVE_INFINITY;
  context.stdout.write(`${tableLines(columns(context), runs, width, context.style.dim).join('\n')}\n`);
  return 0;
}

function columns(context: Context): Column<RunningRun>[] {
  const { style } = context;
  const now = context.now().getTime();
  const hosts = (run: RunningRun) => (run.host === context.host ? '' : visible(run.host));
  return [
    { title: 'NAME', text: ({ name }) => visible(name), paint: style.bold, least: 14, cut: 'middle' },
    { title: 'HOST', text: hosts, spare: 6 },
    {
      title: 'PHASE',
      text: ({ stall, progress }) => (stall ? `silent ${duration(stall.silent * 1000)}` : phaseText(progress)),
      paint: (text, { stall, progress }) =>
        stall ? style.red(text) : progress.phase === 'training' ? style.cyan(text) : style.yellow(text),
    },
    { title: 'STEP', text: ({ progress }) => stepText(progress), align: 'right' },
    { title: '%', text: ({ progress }) => percentText(progress), align: 'right', spare: 3 },
    { title: 'RATE', text: ({ progress }) => rateText(progress), align: 'right', spare: 4 },
    { title: 'ETA', text: ({ progress }) => etaText(progress), align: 'right' },
    { title: 'LOSS', text: ({ progress }) => lossText(progress), align: 'right', spare: 1 },
    { title: '', text: ({ losses }) => sparkline(losses), paint: style.dim, spare: 5 },
    { title: 'GPU', text: ({ gpus }) => gpuText(gpus), align: 'right', spare: 2 },
    { title: 'MEMORY', text: memoryText, align: 'right', spare: 7 },
    { title: 'SINCE', text: ({ startedAt }) => duration(now - Date.parse(startedAt)), align: 'right', spare: 8 },
  ];
}

function stepText({ step, total }: RunningRun['progress']): string {
  return step === null ? '' : total === null ? String(step) : `${step}/${total}`;
}

function lossText({ loss }: RunningRun['progress']): string {
  return typeof loss === 'number' ? number(Number(loss.toPrecision(3))) : (loss ?? '');
}

/** `97%`; of several the mean, `2× 94%`. */
function gpuText(gpus: readonly GpuNow[]): string {
  const busy = gpus.flatMap(({ utilisation }) => utilisation ?? []);
  if (busy.length === 0) return '';
  const mean = Math.round(busy.reduce((sum, each) => sum + each, 0) / busy.length);
  return `${gpus.length > 1 ? `${gpus.length}× ` : ''}${mean}%`;
}

/** In use of what there is, of the fullest GPU; without one what the trainer's processes hold. */
function memoryText({ gpus, processMemory }: RunningRun): string {
  const full = ({ memory, memoryTotal }: GpuNow) => (memory ?? 0) / (memoryTotal ?? Number.POSITIVE_INFINITY);
  const fullest = gpus.toSorted((a, b) => full(b) - full(a))[0];
  if (fullest?.memory == null) return processMemory === null ? '' : `${gigabytes(processMemory)} GB`;
  const total = fullest.memoryTotal === null ? '' : `/${gigabytes(fullest.memoryTotal)}`;
  return `${gigabytes(fullest.memory)}${total} GB`;
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
