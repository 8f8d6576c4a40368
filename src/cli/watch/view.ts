/** The screen of `spoor watch` as lines. Pure: of what was read, and the size of the terminal. */
import { basename } from 'node:path';
import { notFinite, smoothed, usualSmoothing } from '../charts/curve.ts';
import { tickText } from '../charts/scale.ts';
import { type Paint, type TextCurve, textChart } from '../charts/text-chart.ts';
import { etaText, percentText, phaseText, rateText } from '../reporters/progress-text.ts';
import { type Style, statusText } from '../style.ts';
import { cells, duration, number, pad, truncate, visible } from '../text.ts';
import type { Choice, Watched, WatchedSeries } from './watched.ts';

export type View = 'all' | 'charts' | 'log' | 'help';

export interface ViewState {
  watched: Watched;
  choices: readonly Choice[];
  view: View;
  /** Weight of what came before; null for what is usual for the series. */
  smoothing: number | null;
  /** Whether pictures are drawn in the room that is left for them. */
  pictures: boolean;
  now: Date;
  host: string;
  style: Style;
}

export interface Laid {
  lines: string[];
  /** The cells that pictures may take; null where there is no room. */
  room: { row: number; rows: number; columns: number } | null;
}

type Part = [text: string, paint?: Paint];
const plain: Paint = (text) => text;

export function layOut(state: ViewState, columns: number, rows: number): Laid {
  const head = headLines(state, columns);
  const foot = footLine(state, columns);
  const left = Math.max(0, rows - head.length - 1);
  const body =
    state.view === 'help' ? { lines: helpLines(state.style, columns), room: null } : bodyOf(state, columns, left);
  const lines = [...head, ...body.lines.slice(0, left)];
  while (lines.length < rows - 1) lines.push('');
  const room = body.room && { ...body.room, row: body.room.row + head.length };
  return { lines: [...lines.slice(0, rows - 1), foot], room };
}

/** Parts one after another, cut at the edge. */
function line(width: number, ...parts: Part[]): string {
  let room = width;
  let text = '';
  for (const [part, paint = plain] of parts) {
    const cut = truncate(part, room);
    if (cut !== '') text += paint(cut);
    room -= cells(cut);
    if (cut !== part) break;
  }
  return text;
}

function headLines(state: ViewState, width: number): string[] {
  const { watched, choices, style, now, host } = state;
  const { run, running } = watched;
  const at = choices.findIndex(({ id }) => id === run.id);
  const many = choices.length > 1 && width >= 40 ? `run ${at + 1} of ${choices.length}` : '';
  const elsewhere = run.host === host ? '' : ` on ${visible(run.host)}`;
  const status = statusOf(state);
  const name = truncate(visible(run.name.full), Math.max(8, width - cells(many) - 24));
  const top = line(width - (many === '' ? 0 : cells(many) + 2), [name, style.bold], ['  '], ...status, [
    elsewhere,
    style.dim,
  ]);
  const progress = running?.progress ?? run.progress;
  const since = running ? now.getTime() : Date.parse(run.endedAt ?? run.startedAt);
  const took = duration(Math.max(0, since - Date.parse(run.startedAt)));
  if (!progress) return [spread(top, style.dim(many), width), line(width, [`${took}`, style.dim]), ''];
  const { step, total, epoch, epochs, loss } = progress;
  const count = step === null ? '' : total === null ? `step ${step}` : `${step}/${total}`;
  const percent = percentText(progress);
  const told = [count, epoch === null ? '' : `epoch ${epoch}${epochs ? `/${epochs}` : ''}`].filter(Boolean).join('  ');
  const barWidth = Math.max(8, width - cells(told) - 9);
  const bar = step !== null && total ? barText(step / total, barWidth) : null;
  const second = bar
    ? line(width, [bar.done, style.cyan], [bar.left, style.dim], [` ${percent.padStart(4)}  `], [told, style.bold])
    : line(width, [told]);
  const eta = running ? etaText(progress) : '';
  const lossNow = typeof loss === 'number' ? number(Number(loss.toPrecision(4))) : loss;
  const facts = [
    rateText(progress),
    eta && `${eta} left`,
    lossNow == null ? '' : `loss ${lossNow}`,
    running ? `${took} so far` : `took ${took}`,
  ].filter(Boolean);
  return [
    spread(top, style.dim(many), width),
    second,
    line(width, [facts.join('  ·  ')]),
    ...machineLines(state, width),
  ];
}

function statusOf({ watched: { run, running }, style }: ViewState): Part[] {
  if (running === null) return [[statusText(run.status, plainStyle), (text) => paintStatus(run.status, text, style)]];
  const { stall, progress } = running;
  if (stall) return [[`silent for ${duration(stall.silent * 1000)}, which is unusual`, style.red]];
  return [[`● ${phaseText(progress)}`, progress.phase === 'training' ? style.cyan : style.yellow]];
}

const plainStyle: Style = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  blue: plain,
  cyan: plain,
};

const paintStatus = (status: Watched['run']['status'], text: string, style: Style) =>
  status === 'succeeded' ? style.green(text) : status === 'failed' ? style.red(text) : style.yellow(text);

function barText(part: number, width: number): { done: string; left: string } {
  const eighths = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  const [full, rest] = [eighths >> 3, eighths & 7];
  const done = '█'.repeat(full) + (rest > 0 ? ' ▏▎▍▌▋▊▉'[rest] : '');
  return { done, left: '░'.repeat(Math.max(0, width - full - (rest > 0 ? 1 : 0))) };
}

/** Always a line, so that what is below stays in its place. */
function machineLines({ watched: { running, cpu }, style }: ViewState, width: number): string[] {
  if (running === null) return [''];
  const gb = (bytes: number) => (bytes / 1e9).toFixed(1);
  const of = (used: number | null, total: number | null) =>
    used === null ? '' : `${gb(used)}${total === null ? '' : `/${gb(total)}`} GB`;
  const gpus = running.gpus.map(({ index, utilisation, memory, memoryTotal, temperature, power }) =>
    [
      running.gpus.length > 1 ? `GPU ${index}` : 'GPU',
      utilisation === null ? '' : `${Math.round(utilisation)}%`,
      of(memory, memoryTotal),
      temperature === null ? '' : `${Math.round(temperature)} °C`,
      power === null ? '' : `${Math.round(power)} W`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  const rest = [
    cpu === null ? '' : `CPU ${Math.round(cpu)}%`,
    running.memory === null ? '' : `RAM ${of(running.memory, running.memoryTotal)}`,
  ];
  return [line(width, [[...gpus, ...rest].filter(Boolean).join('  ·  '), style.dim]), ''];
}

/** Two painted texts at the two edges. */
function spread(left: string, right: string, width: number): string {
  return right === '' ? left : pad(left, width - cells(right)) + right;
}

function bodyOf(state: ViewState, width: number, rows: number): Omit<Laid, 'room'> & { room: Laid['room'] } {
  const { view, watched, style } = state;
  if (view === 'log') return { lines: logLines(state, width, rows), room: null };
  if (view === 'charts') {
    const most = watched.rate && rows >= 16 ? Math.floor(rows * 0.38) : 0;
    const loss = chartLines(state, watched.loss, width, rows - most);
    return { lines: [...loss, ...(most > 0 ? chartLines(state, watched.rate, width, most) : [])], room: null };
  }
  const high = state.pictures && watched.samples.length > 0 && rows >= 26 ? Math.min(14, Math.floor(rows * 0.36)) : 0;
  const samples = watched.samples.length > 0 ? [sampleLine(state, width)] : [];
  const logRows = Math.min(12, Math.max(3, Math.floor(rows * 0.22)));
  const chartRows = rows - logRows - 1 - samples.length - high;
  const charts = besideEachOther(state, width, chartRows);
  const at = charts.length + samples.length;
  const lines = [
    ...charts,
    ...samples,
    ...Array.from({ length: high }, () => ''),
    line(width, ['── log '.padEnd(width, '─'), style.dim]),
    ...logLines(state, width, logRows),
  ];
  return { lines, room: high > 0 ? { row: at, rows: high - 1, columns: width } : null };
}

function besideEachOther(state: ViewState, width: number, rows: number): string[] {
  const { loss, rate } = state.watched;
  if (rate === null || width < 72) return chartLines(state, loss, width, rows);
  const left = Math.floor((width - 2) * 0.6);
  const [first, second] = [chartLines(state, loss, left, rows), chartLines(state, rate, width - left - 2, rows)];
  return first.map((each, i) => `${pad(each, left)}  ${second[i] ?? ''}`);
}

/** Always so many lines. */
function chartLines(state: ViewState, series: WatchedSeries | null, width: number, rows: number): string[] {
  const { style } = state;
  const lines = series === null ? [style.dim(truncate(waiting(state), width))] : drawn(state, series, width, rows);
  while (lines.length < rows) lines.push('');
  return lines.slice(0, Math.max(0, rows));
}

function waiting({ watched: { running } }: ViewState): string {
  return running ? 'No loss has been measured yet.' : 'No loss was measured.';
}

function drawn({ style, smoothing }: ViewState, series: WatchedSeries, width: number, rows: number): string[] {
  const { tag, points, before, seams } = series;
  const isColoured = style.dim('x') !== 'x';
  const isRate = /^(?:lr\b|.*learning_rate)/.test(tag);
  const weight = isRate ? 0 : (smoothing ?? usualSmoothing(tag));
  const smooth = (values: Float64Array) => (weight > 0 ? smoothed(values, weight) : null);
  const curves: TextCurve[] = [];
  if (before) {
    // Of the version before only its line: two clouds of points would hide each other.
    const its = smooth(before.points.value) ?? before.points.value;
    const old = { label: before.name, x: before.points.step, y: its, smooth: null, seams: [] };
    curves.push({ ...old, paint: style.dim, faint: style.dim, dotted: !isColoured });
  }
  const paint = isRate ? style.yellow : style.cyan;
  const faint = (text: string) => style.dim(paint(text));
  curves.push({ label: tag, x: points.step, y: points.value, smooth: smooth(points.value), seams, paint, faint });
  const last = points.value.at(-1);
  const broken = notFinite({ x: points.step, y: points.value });
  const title: Part[] = [
    [visible(tag), style.bold],
    [last === undefined ? '' : ` ${Number.isFinite(last) ? number(Number(last.toPrecision(3))) : last}`, paint],
    [broken ? `  ${broken.points} not finite, the first at ${tickText(broken.first)}` : '', style.red],
    [weight > 0 ? `  smoothed ${weight}` : '', style.dim],
    [before ? `  behind: ${visible(before.name)}` : '', style.dim],
  ];
  const chart = textChart({ curves, width, height: rows - 1, points: isColoured, dim: style.dim });
  return [line(width, ...title), ...(chart ?? [style.dim(truncate('No point of it is a finite number.', width))])];
}

function sampleLine({ watched: { samples }, style }: ViewState, width: number): string {
  const names = samples.map(({ sample }) => visible(basename(sample.path))).join('  ');
  return line(width, [`samples of ${samples[0]!.place}  `, style.bold], [names, style.dim]);
}

function logLines({ watched: { log }, style }: ViewState, width: number, rows: number): string[] {
  if (log.length === 0) return [style.dim(truncate('It has written nothing yet.', width))];
  return log.slice(-rows).map((each) => truncate(each, width));
}

function footLine({ watched: { run, running }, choices, view, style }: ViewState, width: number): string {
  const keys: [key: string, does: string][] = [
    ['q', 'leave'],
    ...(choices.length > 1 ? [['←→', 'runs'] as [string, string]] : []),
    ['c', view === 'charts' ? 'all' : 'charts'],
    ['l', view === 'log' ? 'all' : 'log'],
    ['s', 'smoothing'],
    ['?', view === 'help' ? 'back' : 'help'],
  ];
  const ended: Part[] = running ? [] : [[`${endText(run.status)} `, style.bold], [' ']];
  return line(
    width,
    ...ended,
    ...keys.flatMap(([key, does]): Part[] => [
      [key, style.bold],
      [` ${does}   `, style.dim],
    ]),
  );
}

function endText(status: Watched['run']['status']): string {
  if (status === 'running') return 'Its end is not written down yet.';
  return status === 'succeeded' ? 'It has ended.' : `It has ended: ${status}.`;
}

function helpLines(style: Style, width: number): string[] {
  const keys: [string, string][] = [
    ['q, Ctrl-C', 'leave; the training goes on'],
    ['← → ↑ ↓, Tab', 'the next run that trains, or the one before'],
    ['1 … 9', 'the run of that number'],
    ['c', 'the charts alone'],
    ['l', 'the log alone'],
    ['s', 'how much the loss is smoothed: 0, 0.6, 0.9, 0.97'],
    ['Ctrl-Z', 'stop here, fg goes on'],
    ['Ctrl-L', 'draw all of it again'],
  ];
  return [
    line(width, ['Keys', style.bold]),
    ...keys.map(([key, does]) => line(width, [pad(`  ${key}`, 18), style.cyan], [does])),
    '',
    ...[
      'Behind a curve stands, dim, that of the version before in its family.',
      'A dotted upright line is where a resumed training goes on.',
      'spoor plot draws any series, of several runs, and as a picture.',
    ].map((text) => line(width, [text, style.dim])),
  ];
}
