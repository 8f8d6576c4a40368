import { resolve } from 'node:path';
import { openHome } from '../../store/home.ts';
import { whence as trace, type WhenceAnswer } from '../../tracker/whence.ts';
import type { Origin } from '../../tracker/whence-match.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json.ts';
import { metadataLines } from '../reporters/inspected.ts';
import { progressReporter } from '../reporters/progress.ts';
import { type Column, tableLines } from '../reporters/table.ts';
import { plural, shortPath, truncateMiddle, visible, wrap } from '../text.ts';

export async function whence(
  context: Context,
  files: string[],
  options: { headers?: true; json?: true },
): Promise<number> {
  const home = await openHome(context.home, context.host, context.cache);
  const report = progressReporter(context);
  const paths = files.map((file) => resolve(context.cwd, file));
  const found = await trace(home, { paths, headersOnly: options.headers === true }, report.tell);
  report.end();
  if (options.json) {
    context.stdout.write(`${jsonText(found, 2)}\n`);
    return 0;
  }
  const [only] = found.files;
  if (only === undefined) context.stderr.write('No model and no image is there.\n');
  else if (found.files.length === 1) context.stdout.write(`${page(context, only).join('\n')}\n`);
  else context.stdout.write(`${[...table(context, found.files), ...usedTable(context, found.used)].join('\n')}\n`);
  return 0;
}

function page(context: Context, answer: WhenceAnswer): string[] {
  const { style } = context;
  const lines = [style.bold(shortPath(answer.path, context.userHome))];
  if (answer.kind !== 'render') lines.push(...originLines(context, answer));
  for (const lora of answer.loras) {
    const weight = lora.weight === null ? '' : ` at ${lora.weight}`;
    lines.push(`LoRA ${visible(lora.name)}${weight}`, ...originLines(context, lora));
  }
  if (answer.kind === 'render' && answer.loras.length === 0) lines.push('  a render without a LoRA');
  // Where the run is known, its record tells all of it and more.
  if (answer.kind === 'model' && (answer.run === null || answer.sure === 'guess')) {
    const { told, claims } = answer;
    if (told && claims)
      lines.push('', style.dim('What its own header tells'), ...metadataLines(told, claims, context, false));
    else if (answer.told === null) lines.push('  its header holds no metadata');
  }
  return lines;
}

function originLines(context: Context, origin: Origin): string[] {
  const { style } = context;
  if (origin.run === null) return [`  ${style.yellow('unknown')}: ${origin.why}`];
  const lines = [
    `  ${style.green(originText(origin))}  ${style.dim(origin.run.id)}`,
    ...wrap(`${origin.sure}: ${origin.why}`, context.columns - 2).map((line) => `  ${line}`),
  ];
  if (origin.madeAs) lines.push(style.dim(`  made as ${shortPath(origin.madeAs, context.userHome)}`));
  if (origin.others.length > 0) {
    const names = origin.others.slice(0, 5).map(({ name }) => visible(name));
    lines.push(style.dim(`  ${plural(origin.others.length, 'other run')} with the same ground: ${names.join(', ')}`));
  }
  return lines;
}

/** `wolf-v3, step 1200`. */
function originText({ run, step, epoch, final }: Origin): string {
  if (run === null) return '';
  const place = step !== null ? `, step ${step}` : epoch !== null ? `, epoch ${epoch}` : '';
  return `${visible(run.name)}${place}${final ? ', final' : ''}`;
}

function table(context: Context, answers: readonly WhenceAnswer[]): string[] {
  const { style } = context;
  const top = commonTop(answers.map(({ path }) => path));
  const columns: Column<WhenceAnswer>[] = [
    { title: 'FILE', text: ({ path }) => visible(path.slice(top.length)), least: 20, cut: 'middle' },
    { title: 'FROM', text: fromText, paint: style.bold, least: 16 },
    { title: 'SURE', text: ({ sure, loras }) => sure ?? loras[0]?.sure ?? '' },
    { title: 'GROUND', text: ({ ground, loras }) => ground ?? loras[0]?.ground ?? '', paint: style.dim, spare: 1 },
  ];
  const lines = tableLines(columns, answers, widthOf(context), style.dim);
  return top === '' ? lines : [style.dim(`in ${shortPath(top.slice(0, -1) || '/', context.userHome)}`), ...lines];
}

/** The directory that all paths lie below, with a `/` behind it; empty where that is only the root. */
function commonTop(paths: readonly string[]): string {
  const parts = paths.map((path) => path.split('/').slice(0, -1));
  const [first = []] = parts;
  const same = first.findIndex((part, at) => parts.some((each) => each[at] !== part));
  const top = same < 0 ? first : first.slice(0, same);
  return top.length < 2 ? '' : `${top.join('/')}/`;
}

function fromText(answer: WhenceAnswer): string {
  if (answer.error !== null) return 'cannot be read';
  if (answer.run) return originText(answer);
  if (answer.loras.length > 0)
    return answer.loras.map((each) => originText(each) || `unknown LoRA ${visible(each.name)}`).join('; ');
  return answer.kind === 'render' ? 'no LoRA' : 'unknown';
}

function usedTable(context: Context, used: Awaited<ReturnType<typeof trace>>['used']): string[] {
  if (used.length === 0) return [];
  const { style } = context;
  const columns: Column<(typeof used)[number]>[] = [
    { title: 'RENDERS', text: ({ renders }) => String(renders), align: 'right' },
    { title: 'LORA', text: ({ name }) => truncateMiddle(visible(name), 60), least: 16, cut: 'middle' },
    {
      title: 'FROM',
      text: ({ run, step }) => (run ? `${visible(run.name)}${step === null ? '' : `, step ${step}`}` : 'unknown'),
      paint: style.bold,
      least: 12,
    },
  ];
  return ['', ...tableLines(columns, used, widthOf(context), style.dim)];
}

/** What is read by a program is not cut. */
function widthOf(context: Context): number {
  return context.stdout.isTTY || context.env.COLUMNS ? context.columns : Number.POSITIVE_INFINITY;
}
