import type { ConfigValue, Setting } from '../../../model/facts.ts';
import type { Run } from '../../../model/run.ts';
import { number, plural, visible } from '../../text.ts';
import { type Column, tableLines } from '../table.ts';
import type { Page } from './page.ts';

/** The effective configuration: what could change the result; with `all` every key, in the same order. */
export function settings(page: Page, run: Run): string[] {
  const shown = run.settings.filter((each) => page.all || (acts(each) && each.source.kind !== 'default'));
  const columns: Column<Setting>[] = [
    { title: 'key', text: ({ key }) => visible(key), paint: page.style.cyan, least: 12 },
    {
      title: 'value',
      text: ({ value }) => valueText(value, page),
      paint: (text, each) => (acts(each) ? text : page.style.dim(text)),
      least: 12,
      cut: 'middle',
    },
    { title: 'source', text: sourceText, paint: page.style.dim, least: 10, spare: 1 },
  ];
  const lines = tableLines(columns, shown, page.room, null);
  const folded = run.settings.length - shown.length;
  if (folded > 0) {
    const what = `and ${plural(folded, 'setting')} that cannot change the result or are defaults (--all shows them)`;
    lines.push(...page.wrapped(what, '').map(page.style.dim));
  }
  return [...lines, ...remarks(page, shown)];
}

const acts = (setting: Setting) => setting.effective && !setting.ignored;

/** What a table has no room for: keys unknown to the trainer, ignored ones, and predictions that were wrong. */
function remarks(page: Page, shown: readonly Setting[]): string[] {
  return shown.flatMap(({ key, known, ignored, source, shadowed = [] }) => {
    const wrong = source.kind === 'confirmed' ? shadowed[0] : undefined;
    const texts = [
      !known && source.kind !== 'confirmed' && `${visible(key)} is unknown to the trainer`,
      ignored && `${visible(key)} is ignored: ${visible(ignored)}`,
      wrong && wrong.value !== null && `${visible(key)} was ${valueText(wrong.value, page)} in the configuration`,
    ];
    return texts.filter(Boolean).flatMap((text) => page.wrapped(`${page.style.yellow('!')} ${text}`));
  });
}

/** A configuration value in short: numbers as the field writes them, lists in brackets, paths from `~`. */
function valueText(value: ConfigValue, page: Pick<Page, 'path'>): string {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return value.startsWith('int:') ? visible(value.slice(4)) : page.path(value);
  if (Array.isArray(value)) return `[${value.map((each) => valueText(each, page)).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    if ('redacted' in value && typeof value.redacted === 'string') return `[redacted ${value.redacted.slice(0, 12)}]`;
    const pairs = Object.entries(value).map(([key, each]) => `${visible(key)}: ${valueText(each, page)}`);
    return `{${pairs.join(', ')}}`;
  }
  return String(value);
}

function sourceText(setting: Setting): string {
  return setting.certainty === 'guessed' ? `${placeText(setting)}, guessed` : placeText(setting);
}

function placeText({ source }: Setting): string {
  switch (source.kind) {
    case 'argument':
    case 'default':
    case 'environment':
      return source.kind;
    case 'confirmed':
      return 'as trained';
    default: {
      const name = visible(source.file?.split('/').at(-1) ?? source.kind);
      return source.line ? `${name}:${source.line}` : name;
    }
  }
}
