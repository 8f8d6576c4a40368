/** How the documents of one site are cleansed: by who its runs tell of, and by what is left out of it. */
import type { Run } from '../../model/run.ts';
import { noTag } from '../bytes.ts';
import { documentOf } from './asking.ts';
import { type Cleanser, cleanser } from './cleanse.ts';
import { type Identity, identityIn } from './identity.ts';
import { type LeftOut, leftOutTexts } from './left-out-texts.ts';
import type { SiteDataOptions } from './site-data.ts';

export interface SiteCleansing {
  clean: Cleanser;
  /** Whether a text that was cleansed still names a machine or an account. */
  names(text: string): boolean;
  /** Names of runs and families that hold a text that is left out. */
  namedAfter: string[];
}

export async function cleansingOf(options: SiteDataOptions, host: string, userHome: string): Promise<SiteCleansing> {
  const { handlers, home, runs: chosen, without } = options;
  const leftOut = await leftOutTexts(handlers, home, chosen, without);
  const runs: Run[] = [];
  const facts: unknown[] = [];
  const series: string[] = [];
  for (const { id: run } of chosen) {
    runs.push(await documentOf(handlers.showRun({ run }, noTag)));
    facts.push(await documentOf(handlers.journal({ run, from: 0, count: 1_000_000 }, noTag)));
    const { series: own } = await documentOf(handlers.listSeries({ run }, noTag));
    series.push(...own.map(({ tag }) => tag));
  }
  const identity = identityIn([runs, facts], host, userHome);
  const titles = [...new Set(runs.flatMap(({ name, family }) => [name.full, family]))];
  const parts = runs.flatMap(({ name: { model, dataset } }) => [model ?? '', dataset ?? '']);
  const settings = runs.flatMap((run) => run.settings.map(({ key }) => key));
  return {
    clean: cleanser({ identity, leftOut, kept: [...new Set([...titles, ...parts, ...settings, ...series])] }),
    names: namesWho(identity),
    namedAfter: titles.filter((title) => isNamedAfter(title, leftOut)),
  };
}

/** Letters of escapes are no part of a name. */
const escapes = /\\[nrtbf]/g;

function namesWho({ hosts, users }: Identity): (text: string) => boolean {
  const names = [...hosts, ...users].filter(({ length }) => length >= 3);
  if (names.length === 0) return () => false;
  const any = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\w-])(?:${any})(?![\\w-])`, 'i');
  return (text) => pattern.test(text.replace(escapes, ' '));
}

const plain = (text: string) =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

function isNamedAfter(title: string, { phrases, words }: LeftOut): boolean {
  const name = plain(title);
  return [...phrases, ...words].some((text) => plain(text).trim().length >= 3 && name.includes(plain(text)));
}
