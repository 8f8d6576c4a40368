/** The list of runs is what most visits begin with: what it shows is asked for before anything else of the page is there. */
import { askEarly, enterEarly } from '../lib/api.ts';
import { isShared } from '../lib/site.ts';
import { pageAsked } from '../pages/runs/asked.ts';
import { settingOf, shownColumns } from '../pages/runs/columns.ts';

export interface FirstScreen {
  /** Settles when all of it was asked for. */
  asked: Promise<void>;
  /** Settles when all of it has come. Failures are told where the answers are taken. */
  answered: Promise<void>;
}

export function askFirstScreen({ pathname, search }: Location): FirstScreen {
  const isList = pathname === '/' && ['', '?group=off'].includes(search);
  // What is in a shared site is read when it is shown.
  const last = isShared ? Promise.resolve([]) : isList ? askForList(search === '') : askForLooks();
  const settled = last.catch(() => []);
  return {
    asked: settled.then(() => {}),
    answered: settled.then((answers) => Promise.allSettled(answers)).then(() => {}),
  };
}

/** Theme and language, which whatever is shown is shown in. */
async function askForLooks(): Promise<Promise<unknown>[]> {
  await enterEarly();
  return [askEarly('readUi', {})];
}

/** @returns what was asked for last */
async function askForList(grouped: boolean): Promise<Promise<unknown>[]> {
  const looks = await askForLooks();
  const families = grouped ? askEarly('listFamilies', { query: '', sort: '-started' }) : null;
  const { columns } = await askEarly('listColumns', { query: '' });
  const shown = shownColumns(
    undefined,
    columns.map(({ key }) => key),
  );
  const options = { query: '', sort: '-started', settings: shown.flatMap((name) => settingOf(name) ?? []) };
  const runs = askEarly('listRuns', pageAsked(options, grouped, 0));
  return families === null ? [...looks, runs] : [...looks, families, runs];
}
