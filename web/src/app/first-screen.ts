/** The list of runs is what most visits begin with: what it shows is asked for before anything else of the page is there. */
import { askEarly, enterEarly } from '../lib/api.ts';
import { isShared } from '../lib/site.ts';
import { membersAsked, openAtFirst, runsAsked } from '../pages/runs/asked.ts';
import { settingOf, shownColumns } from '../pages/runs/columns.ts';

/** Settles when all of it has come. Failures are told where the answers are taken. */
export async function askFirstScreen({ pathname, search }: Location): Promise<void> {
  if (isShared) return;
  try {
    await enterEarly();
    if (pathname !== '/' || !['', '?group=off'].includes(search)) return;
    const families = search === '' ? askEarly('listFamilies', { query: '' }) : null;
    const { columns } = await askEarly('listColumns', { query: '' });
    const shown = shownColumns(
      undefined,
      columns.map(({ key }) => key),
    );
    const options = { query: '', sort: '-started', settings: shown.flatMap((name) => settingOf(name) ?? []) };
    if (families === null) void askEarly('listRuns', runsAsked(options, null));
    else
      for (const { family } of (await families).families.slice(0, openAtFirst))
        void askEarly('listRuns', membersAsked(family, options));
  } catch {
    // Whoever asks again is told.
  }
}
