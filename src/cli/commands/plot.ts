import { resolve } from 'node:path';
import { lossDifferences } from '../../diff/losses.ts';
import { SpoorError } from '../../model/errors.ts';
import { measuredOf } from '../../model/metrics.ts';
import type { Run } from '../../model/run.ts';
import { writeDurably } from '../../store/durable.ts';
import { type CurveAxis, curvesOf, defaultTag, type RunCurve } from '../../tracker/curves.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { notFinite, smoothed, usualSmoothing } from '../charts/curve.ts';
import { svgChart } from '../charts/svg-chart.ts';
import { type Paint, type TextCurve, textChart } from '../charts/text-chart.ts';
import type { Context } from '../context.ts';
import { note, warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { axisText, axisTitle } from '../reporters/axis-text.ts';
import { cells, number, plural, shortPath, truncate, visible, wrap } from '../text.ts';

export interface PlotOptions {
  tag?: string;
  smooth?: string;
  x?: string;
  log?: true;
  png?: string;
  svg?: string;
  json?: true;
}

const axes: readonly CurveAxis[] = ['step', 'time', 'epoch', 'images'];

/** Curves of one series of runs: in the terminal, as a picture, or as numbers. */
export async function plot(context: Context, references: readonly string[], options: PlotOptions): Promise<number> {
  const axis = axisOf(options.x ?? 'step');
  const asked = options.smooth === undefined ? null : weightOf(options.smooth);
  const png = options.png === undefined ? null : pictureFile(context, '--png', options.png, 'png');
  const svg = options.svg === undefined ? null : pictureFile(context, '--svg', options.svg, 'svg');
  const { home, recording, find } = await openSettled(context);
  const ids: string[] = [];
  for (const each of references) ids.push(await find(each));
  const runs: Run[] = [];
  for (const id of new Set(ids)) runs.push(await loadRun(home, id));
  const tag = options.tag ?? (await defaultTag(home, runs));
  const found = await curvesOf(home, runs, tag, axis);
  const weight = asked ?? usualSmoothing(tag);
  const drawing = { tag, axis, weight, log: options.log === true, curves: found, notes: notesOf(tag, runs, found) };
  try {
    if (options.json) context.stdout.write(`${jsonText(document(drawing), 2)}\n`);
    if (svg !== null || png !== null) {
      const text = asSvg(drawing);
      if (svg !== null) await writeDurably(svg, Buffer.from(text), { mode: 0o644 });
      if (png !== null) await writeDurably(png, await recording.images!.drawing(text, 2), { mode: 0o644 });
      for (const file of [svg, png].filter((each) => each !== null))
        note(context, `${plural(found.length, 'curve')} of ${tag} in ${shortPath(file, context.userHome)}`);
    } else if (!options.json) context.stdout.write(`${asText(context, drawing).join('\n')}\n`);
    for (const each of drawing.notes) warn(context, each, null);
  } finally {
    recording.images?.close();
  }
  return 0;
}

function axisOf(text: string): CurveAxis {
  const found = axes.find((each) => each === text);
  if (found) return found;
  throw new SpoorError('usage', 'usage', `--x ${text}: there is no such axis`, `There are: ${axes.join(', ')}`);
}

function weightOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value < 1) return value;
  const hint = '0 draws what was measured; 0.9 is common.';
  throw new SpoorError('usage', 'usage', `--smooth ${text}: no number from 0 to below 1`, hint);
}

function pictureFile({ cwd }: Context, option: string, name: string, kind: 'png' | 'svg'): string {
  if (name.toLowerCase().endsWith(`.${kind}`)) return resolve(cwd, name);
  const message = `${option} ${name}: it will be no ${kind.toUpperCase()}`;
  throw new SpoorError('usage', `not-a-${kind}`, message, `Give it a name that ends in .${kind}.`);
}

interface Drawing {
  tag: string;
  axis: CurveAxis;
  weight: number;
  log: boolean;
  curves: readonly RunCurve[];
  notes: readonly string[];
}

/** What a look at the chart alone would get wrong. */
function notesOf(tag: string, runs: readonly Run[], curves: readonly RunCurve[]): string[] {
  const notes: string[] = [];
  const apart = /loss/.test(tag) ? lossDifferences(curves.map(({ run }) => run)) : [];
  if (apart.length > 0) {
    const told = apart.map(({ subject, values }) =>
      subject === 'dataset' || subject === 'base-model'
        ? subject.replace('-', ' ')
        : `${subject} (${values.map((value) => (value === null ? 'unset' : visible(JSON.stringify(value)))).join(', ')})`,
    );
    notes.push(`these losses cannot be compared: the runs differ in ${told.join(', ')}`);
  }
  const without = runs.filter(({ id }) => !curves.some(({ run }) => run.id === id));
  if (without.length > 0) notes.push(`no ${tag} of ${without.map(({ name }) => name.full).join(', ')}`);
  return notes;
}

const curveOf = ({ x, y, seams }: RunCurve, weight: number) => ({
  x,
  y,
  seams: seams.map((seam) => seam.x),
  smooth: weight > 0 ? smoothed(y, weight) : null,
});

/** Names, with the id where several runs have one. */
function labelsOf(curves: readonly RunCurve[]): string[] {
  return curves.map(({ run }) => {
    const isShared = curves.some((other) => other.run !== run && other.run.name.full === run.name.full);
    return isShared ? `${run.name.full} (${run.id.slice(0, 10)})` : run.name.full;
  });
}

function asSvg({ tag, axis, weight, log, curves, notes }: Drawing): string {
  const labels = labelsOf(curves);
  const days = [...new Set(curves.map(({ run }) => run.startedAt.slice(0, 10)))];
  const parts = [weight > 0 ? `smoothed ${weight}, points faint` : null, log ? 'logarithmic' : null, ...days];
  return svgChart({
    title: tag,
    subtitle: parts.filter((part) => part !== null).join('  ·  '),
    xTitle: axisTitle(axis),
    curves: curves.map((curve, at) => ({ label: labels[at]!, ...curveOf(curve, weight) })),
    log,
    xText: axisText(axis),
    notes: [...notes, ...(curves.some(({ seams }) => seams.length > 0) ? ['dashed: a resumed training goes on'] : [])],
  });
}

function asText(context: Context, { tag, axis, weight, log, curves }: Drawing): string[] {
  const { style, columns: width } = context;
  const isColoured = style.dim('x') !== 'x';
  const labels = labelsOf(curves).map(visible);
  const paints: Paint[] = [style.cyan, style.yellow, style.green, style.red, style.blue, (text) => text];
  const drawn = curves.map((curve, at): TextCurve => {
    const paint = paints[at % paints.length]!;
    const faint = (text: string) => style.dim(paint(text));
    return { label: labels[at]!, paint, faint, dotted: !isColoured && at % 2 === 1, ...curveOf(curve, weight) };
  });
  const height = Math.max(12, Math.min(24, Math.round(width / 5)));
  const lines = textChart({
    curves: drawn,
    width,
    height,
    log,
    xText: axisText(axis),
    points: isColoured,
    dim: style.dim,
  });
  const title = [visible(tag), weight > 0 ? `smoothed ${weight}` : '', log ? 'logarithmic' : ''].filter(Boolean);
  const head = style.bold(truncate(title.join(' · '), width));
  const foot = style.dim(`${' '.repeat(Math.max(0, width - cells(axisTitle(axis))))}${axisTitle(axis)}`);
  const legend = curves.flatMap((curve, at) => {
    const { paint, label, dotted } = drawn[at]!;
    const text = truncate(`${dotted ? '┄┄' : '━━'} ${label}`, width);
    return [paint(text), ...wrap(detailOf(curve), width - 3).map((line) => style.dim(`   ${line}`))];
  });
  return [head, ...(lines ? [...lines, foot] : ['No point of it is a finite number.']), ...legend];
}

/** `last 0.0712 at step 600 of 600 points; goes on from wolf-v1 at 300`. */
function detailOf(curve: RunCurve): string {
  const { x, y, seams, axis } = curve;
  const place = axisText(axis);
  const last = y.at(-1) ?? Number.NaN;
  const parts = [
    `${plural(y.length, 'point')}, last ${Number.isFinite(last) ? number(Number(last.toPrecision(4))) : last}`,
    ...seams.map((seam) => `┊ goes on from ${seam.from.slice(0, 10)} at ${place(seam.x)}`),
  ];
  const broken = notFinite({ x, y });
  if (broken) parts.push(`${broken.points} not finite, the first at ${place(broken.first)}`);
  return parts.join('; ');
}

function document({ tag, axis, weight, log, curves }: Drawing) {
  return {
    tag,
    x: axis,
    smooth: weight,
    log,
    incomparable: /loss/.test(tag) ? lossDifferences(curves.map(({ run }) => run)) : [],
    curves: curves.map(({ run, x, y, seams }) => ({
      run: { id: run.id, name: run.name.full },
      seams,
      x: Array.from(x, measuredOf),
      y: Array.from(y, measuredOf),
      smoothed: weight > 0 ? Array.from(smoothed(y, weight), measuredOf) : null,
    })),
  };
}
