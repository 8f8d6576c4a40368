/** A chart as SVG: what `spoor plot --svg` writes and its PNG is made of. */
import { type Curve, notFinite, rangeOfX, rangeOfY, worthDrawing } from './curve.ts';
import { makeScale, type Scale, ticksOf, tickText } from './scale.ts';

export interface SvgChart {
  title: string;
  subtitle: string;
  xTitle: string;
  curves: readonly Curve[];
  log: boolean;
  xText?: (value: number) => string;
  /** Said below the chart. */
  notes: readonly string[];
}

const svgWidth = 1200;
const plotHeight = 480;
const margin = { left: 92, right: 36 };
const lineHeight = 22;

/** Told apart also by eyes that see fewer colours: https://jfly.uni-koeln.de/color/ with the yellow left out. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#5b5b5b', '#7b3fa0'];
const ink = '#101828';
const quiet = '#667085';
const grid = '#e4e7ec';
const rule = '#98a2b3';
const alarm = '#b42318';
const family = "'DejaVu Sans', 'Noto Sans', Helvetica, Arial, sans-serif";

/** Of equal input equal text. Nothing in it is fetched from elsewhere. */
export function svgChart({ title, subtitle, xTitle, curves, log, xText = tickText, notes }: SvgChart): string {
  const xScale = makeScale(...(rangeOfX(curves) ?? [0, 1]));
  const yScale = makeScale(...(rangeOfY(curves, log) ?? [0, 1]), log);
  const legend = legendOf(curves);
  const folded = notes.flatMap((note) => fold(note, 150));
  const top = 92 + legend.rows * lineHeight + 14;
  const bottom = top + plotHeight;
  const right = svgWidth - margin.right;
  const height = bottom + 64 + (folded.length > 0 ? folded.length * 18 + 14 : 0);
  const across = (x: number) => margin.left + xScale.place(x) * (right - margin.left);
  const down = (y: number) => bottom - 8 - yScale.place(y) * (plotHeight - 16);

  const parts: string[] = [
    `<rect width="${svgWidth}" height="${height}" fill="#ffffff"/>`,
    text(margin.left - 56, 46, cut(title, 70), { size: 24, fill: ink }),
    text(margin.left - 56, 72, cut(subtitle, 130), { size: 14, fill: quiet }),
    ...legend.parts,
  ];
  for (const value of ticksOf(yScale, 6)) {
    const y = round(down(value));
    if (y < top || y > bottom) continue;
    parts.push(`<line x1="${margin.left}" y1="${y}" x2="${right}" y2="${y}" stroke="${grid}"/>`);
    parts.push(text(margin.left - 10, y + 5, tickText(value), { size: 13, fill: quiet, anchor: 'end' }));
  }
  for (const value of ticksOf(xScale, 9)) {
    const x = round(across(value));
    parts.push(`<line x1="${x}" y1="${bottom}" x2="${x}" y2="${bottom + 6}" stroke="${rule}"/>`);
    parts.push(text(x, bottom + 24, xText(value), { size: 13, fill: quiet, anchor: 'middle' }));
  }
  parts.push(`<line x1="${margin.left}" y1="${bottom}" x2="${right}" y2="${bottom}" stroke="${rule}"/>`);
  parts.push(text(right, bottom + 48, xTitle, { size: 13, fill: quiet, anchor: 'end' }));
  parts.push(
    `<clipPath id="plot"><rect x="${margin.left}" y="${top}" width="${right - margin.left}" height="${plotHeight}"/></clipPath>`,
  );
  parts.push('<g clip-path="url(#plot)" fill="none" stroke-linejoin="round" stroke-linecap="round">');
  const path = (x: Float64Array, y: Float64Array) => pathOf(x, y, right - margin.left, xScale, across, down);
  for (const [at, { x, y, smooth }] of curves.entries())
    if (smooth) parts.push(`<path d="${path(x, y)}" stroke="${colourOf(at)}" stroke-width="1" stroke-opacity="0.22"/>`);
  for (const [at, curve] of curves.entries()) {
    const colour = colourOf(at);
    for (const seam of curve.seams) {
      const x = round(across(seam));
      parts.push(
        `<line x1="${x}" y1="${top}" x2="${x}" y2="${bottom}" stroke="${colour}" stroke-width="1.5" stroke-dasharray="3 5"/>`,
      );
    }
    parts.push(`<path d="${path(curve.x, curve.smooth ?? curve.y)}" stroke="${colour}" stroke-width="2.25"/>`);
    const broken = notFinite(curve);
    if (broken) {
      const x = round(across(broken.first));
      parts.push(`<path d="M${x} ${bottom - 14}l-6 12h12z" fill="${alarm}" stroke="none"/>`);
    }
  }
  parts.push('</g>');
  for (const [at, note] of folded.entries())
    parts.push(text(margin.left - 56, bottom + 82 + at * 18, note, { size: 13, fill: '#b54708' }));
  const size = `width="${svgWidth}" height="${height}" viewBox="0 0 ${svgWidth} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${family}">\n${parts.join('\n')}\n</svg>\n`;
}

const colourOf = (at: number) => colours[at % colours.length]!;

function legendOf(curves: readonly Curve[]): { rows: number; parts: string[] } {
  const parts: string[] = [];
  let [x, row] = [margin.left - 56, 0];
  for (const [at, curve] of curves.entries()) {
    const broken = notFinite(curve);
    const label = cut(curve.label, 60);
    const more = broken ? `  ▲ ${broken.points} not finite, the first at ${tickText(broken.first)}` : '';
    // The font's letters are at most so wide, on average; labels are not measured here.
    const width = 46 + (label.length + more.length) * 9;
    if (x + width > svgWidth - margin.right && x > margin.left) [x, row] = [margin.left - 56, row + 1];
    const y = 104 + row * lineHeight;
    parts.push(`<line x1="${x}" y1="${y}" x2="${x + 26}" y2="${y}" stroke="${colourOf(at)}" stroke-width="4"/>`);
    const told = more === '' ? '' : `<tspan fill="${alarm}">${escaped(more)}</tspan>`;
    parts.push(`<text x="${x + 34}" y="${y + 5}" font-size="14" fill="${ink}">${escaped(label)}${told}</text>`);
    x += width;
  }
  return { rows: curves.length === 0 ? 0 : row + 1, parts };
}

function pathOf(
  x: Float64Array,
  y: Float64Array,
  width: number,
  scale: Scale,
  across: (x: number) => number,
  down: (y: number) => number,
): string {
  let path = '';
  let pen = false;
  for (const point of worthDrawing(x, y, width, scale.place)) {
    const at = down(point.y);
    if (Number.isFinite(at)) path += `${pen ? 'L' : 'M'}${round(across(point.x))} ${round(at)}`;
    pen = Number.isFinite(at);
  }
  // A point alone is a line of no length, which round caps show.
  return path.replace(/M([\d.-]+ [\d.-]+)(?=M|$)/g, 'M$1L$1');
}

interface TextStyle {
  size: number;
  fill: string;
  anchor?: 'middle' | 'end';
}

function text(x: number, y: number, content: string, { size, fill, anchor }: TextStyle): string {
  const anchored = anchor ? ` text-anchor="${anchor}"` : '';
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${anchored}>${escaped(content)}</text>`;
}

/** Characters that XML does not have, and such as turn the direction of text, are left out. */
function escaped(content: string): string {
  return content
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\ufffe\uffff]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function cut(content: string, most: number): string {
  const letters = [...content];
  return letters.length <= most ? content : `${letters.slice(0, most - 1).join('')}…`;
}

function fold(content: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of content.split(/\s+/)) {
    if (line !== '' && line.length + word.length >= most) {
      lines.push(line);
      line = '';
    }
    line += `${line === '' ? '' : ' '}${cut(word, most)}`;
  }
  return line === '' ? lines : [...lines, line];
}

const round = (value: number) => Math.round(value * 10) / 10;
