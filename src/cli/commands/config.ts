import { exitStatuses } from '../../model/errors.ts';
import type { Receiver } from '../../model/settings.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { jsonText } from '../json.ts';
import { type Declared, declared } from '../settings/declared.ts';
import { publicPart } from '../settings/receiver.ts';
import { type ReadSettings, readSettings } from '../settings.ts';
import { shortPath, visible } from '../text.ts';

/** Shows each setting in force and where it comes from. 65 if something in the file cannot be understood. */
export async function config(context: Context, options: { json?: true }): Promise<number> {
  const read = await readSettings(context.env, context.userHome);
  if (options.json) context.stdout.write(`${jsonText(asJson(read), 2)}\n`);
  else {
    context.stdout.write(`${lines(read, context).join('\n')}\n`);
    for (const { message, hint } of read.problems) warn(context, message, hint);
  }
  return read.problems.length > 0 ? exitStatuses.data : 0;
}

function asJson({ settings, file, exists, lines: places, problems }: ReadSettings) {
  const source = (at: string) => (places.has(at) ? { kind: 'file', line: places.get(at) } : { kind: 'default' });
  return {
    file,
    exists,
    settings: declared.map((each) => ({ key: keyOf(each), value: each.get(settings), source: source(keyOf(each)) })),
    receivers: settings.notify.receivers.map((each) => ({
      ...publicPart(each),
      source: source(`notify.${each.name}`),
    })),
    problems,
  };
}

const keyOf = ({ section, key }: Declared) => `${section}.${key}`;

function lines(read: ReadSettings, { style, userHome }: Context): string[] {
  const { settings, file, exists, lines: places } = read;
  const row = (key: string, value: string, at: string) =>
    `  ${visible(key).padEnd(15)} ${visible(value).padEnd(15)} ${style.dim(places.has(at) ? `line ${places.get(at)}` : 'default')}`;
  const result = [`${shortPath(file, userHome)}${exists ? '' : style.dim('  not there: everything is as it comes')}`];
  for (const section of new Set(declared.map((each) => each.section))) {
    result.push('', style.bold(`[${section}]`));
    for (const each of declared) {
      if (each.section === section) result.push(row(each.key, each.show(each.get(settings)), keyOf(each)));
    }
    if (section !== 'notify') continue;
    for (const each of settings.notify.receivers) {
      result.push('', style.bold(`[notify.${visible(each.name)}]`), row('type', each.type, `notify.${each.name}`));
      for (const [key, value] of shownParts(each)) result.push(row(key, value, `notify.${each.name}`));
    }
  }
  return result;
}

function shownParts(receiver: Receiver): [key: string, value: string][] {
  const { name, type, ...rest } = publicPart(receiver);
  return Object.entries(rest)
    .filter(([, value]) => value !== false && value !== null)
    .map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), JSON.stringify(value)]);
}
