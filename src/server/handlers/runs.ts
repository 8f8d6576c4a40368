import type { Family, RunRow } from '../../api/runs.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { choices, fieldNames, numberFields, settingAliases } from '../../catalog/query/fields.ts';
import { parseQuery } from '../../catalog/query/parse.ts';
import { sortKeys } from '../../catalog/query/sort.ts';
import type { RunSummary, Standing } from '../../catalog/row.ts';
import { mark } from '../../catalog/words/passages.ts';
import { SpoorError } from '../../model/errors.ts';
import type { RunId } from '../../model/run-id.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { searchRuns } from '../../tracker/search.ts';
import { isNaming } from '../../trainers/naming.ts';
import { columnsOf } from '../columns.ts';
import type { ServerContext } from '../context.ts';
import type { Some } from '../handler.ts';
import { glanceOf } from './glance.ts';

/** Runs whose settings are compared for columns. */
const mostCompared = 2000;
const mostValues = 5000;
/** Of one setting; of one with more each run has its own. */
const fewValues = 12;

export function runsHandlers(
  context: ServerContext,
): Some<
  'listRuns' | 'listFamilies' | 'listColumns' | 'glances' | 'vocabulary' | 'checkQuery' | 'resolveRun' | 'search'
> {
  const { index, recording } = context;
  const { home } = recording;
  const standings = (query: string) => index.about('standings', query, (catalog, all) => catalog.standings(all));

  return {
    async listRuns({ query, sort, limit, after, from, grouped, setting }) {
      const { rows, next, total } =
        from === undefined
          ? await index.page(query, sort, limit, after)
          : await index.slice(query, sort, grouped, from, limit);
      const settings =
        setting.length === 0 ? null : await index.ask((catalog) => catalog.settings(rows.map(({ id }) => id)));
      const runs = rows.map((row) => rowOf(context, row, pick(settings?.get(row.id), setting)));
      return { runs, next, total };
    },

    async listFamilies({ query, sort }) {
      const all = await standings(query);
      const families = await index.about('families', query, (catalog) => familiesOf(catalog, all));
      const order = await index.families(query, sort);
      return {
        families: order.flatMap((name) => {
          const family = families.get(name);
          return family ? [{ ...family, latest: rowOf(context, family.latest, {}) }] : [];
        }),
        total: all.length,
      };
    },

    async listColumns({ query }) {
      const all = await standings(query);
      const compared = all.slice(0, mostCompared);
      const columns = await index.about('columns', query, async (catalog) => {
        const settings = await catalog.settings(compared.map(({ id }) => id));
        const columns = columnsOf(compared.map(({ id, family }) => ({ family, settings: settings.get(id) ?? {} })));
        // What `spoor diff` folds as without effect was not tried: it only follows the name of the run.
        return columns.filter(({ key }) => !isNaming(key));
      });
      return { columns, compared: compared.length, total: all.length };
    },

    async glances({ run: ids, points }) {
      const found = await Promise.all(
        ids.map(async (id) => [id, await glanceOf(home, recording.host, id, points)] as const),
      );
      return { glances: Object.fromEntries(found.flatMap(([id, glance]) => (glance ? [[id, glance]] : []))) };
    },

    async vocabulary() {
      const all = await index.all('');
      const values = (of: (row: RunSummary) => string | null | readonly string[]) =>
        [...new Set(all.flatMap((row) => of(row) ?? []))].sort().slice(0, mostValues);
      const latest = all.slice(0, 200).map(({ id }) => id);
      const settings = await index.ask((catalog) => catalog.settings(latest));
      return {
        fields: [...fieldNames],
        numbers: [...Object.keys(numberFields), ...Object.keys(settingAliases)],
        choices: Object.fromEntries(Object.entries(choices).map(([key, words]) => [key, [...words]])),
        sorts: [...sortKeys],
        tags: values(({ tags }) => tags),
        families: values(({ family }) => family),
        models: values(({ model }) => model),
        datasets: values(({ dataset }) => dataset),
        trainers: values(({ trainer }) => trainer),
        hosts: values(({ host }) => host),
        settings: [
          ...new Set([...Object.keys(settingAliases), ...[...settings.values()].flatMap((each) => Object.keys(each))]),
        ].sort(),
        values: valuesOf([...settings.values()]),
      };
    },

    async checkQuery({ query }) {
      try {
        parseQuery(query, new Date());
        return { problem: null };
      } catch (error) {
        if (!(error instanceof SpoorError)) throw error;
        return { problem: { message: error.message, hint: error.hint } };
      }
    },

    async resolveRun({ run }) {
      const id = await index.find(run);
      return { id, name: (await loadRun(home, id)).name.full };
    },

    async search({ words, in: places, limit }) {
      const request = { words: [words], in: places ?? null, limit };
      const found = await searchRuns(recording, request, () => {});
      const runs = found.map(({ id, name, count, passages }) => ({
        id,
        name,
        count,
        passages: passages.map(({ place, source, text, excerpt }) => ({
          place,
          source,
          text,
          excerpt: excerpt.split(new RegExp(`[${mark.begin}${mark.end}]`)),
        })),
      }));
      return { runs };
    },
  };
}

/** What settings were set to, by their names and by the short ones; paths and texts that only one run has are left out. */
function valuesOf(all: readonly RunRow['settings'][]): Record<string, string[]> {
  const values = new Map<string, Set<string>>();
  for (const settings of all) {
    for (const [key, value] of Object.entries(settings)) {
      const text = String(value);
      if (text.length <= 60 && !/[\\/"]/.test(text)) values.set(key, (values.get(key) ?? new Set()).add(text));
    }
  }
  const few = (keys: readonly string[]) => {
    const found = new Set(keys.flatMap((key) => [...(values.get(key) ?? [])]));
    return found.size <= fewValues ? [...found].sort() : [];
  };
  const named = [...values.keys()].map((key) => [key, few([key])] as const);
  const short = Object.entries(settingAliases).map(([key, names]) => [key, few(names)] as const);
  return Object.fromEntries([...named, ...short].filter(([, texts]) => texts.length > 0));
}

/** Those that train with what their logs show now. */
function rowOf({ watcher }: ServerContext, row: RunSummary, settings: RunRow['settings']): RunRow {
  const progress = row.status === 'running' ? watcher.progressOf(row.id) : null;
  return {
    ...row,
    step: progress?.step ?? row.step,
    total: progress?.total ?? row.total,
    loss: progress?.loss ?? row.loss,
    progress,
    settings,
  };
}

function pick(settings: RunRow['settings'] | undefined, keys: readonly string[]): RunRow['settings'] {
  const found: RunRow['settings'] = {};
  for (const key of keys) {
    const names = Object.hasOwn(settingAliases, key) ? (settingAliases[key] as string[]) : [key];
    const name = names.find((each) => settings && Object.hasOwn(settings, each));
    const value = name === undefined ? undefined : settings?.[name];
    if (value !== undefined) found[key] = value;
  }
  return found;
}

/** Families of runs, by name; all are the latest first. */
async function familiesOf(catalog: Catalog, all: readonly Standing[]) {
  const families = new Map<string, Omit<Family, 'latest'> & { latest: RunId }>();
  for (const { id, family: name, status, verdict } of all) {
    const family = families.get(name) ?? { family: name, runs: 0, statuses: {}, verdicts: {}, latest: id };
    family.runs++;
    family.statuses[status] = (family.statuses[status] ?? 0) + 1;
    if (verdict) family.verdicts[verdict] = (family.verdicts[verdict] ?? 0) + 1;
    families.set(name, family);
  }
  const latest = await catalog.summaries([...families.values()].map((family) => family.latest));
  return new Map(
    [...families.values()].flatMap((family) => {
      const row = latest.get(family.latest);
      return row ? [[family.family, { ...family, latest: row }] as const] : [];
    }),
  );
}
