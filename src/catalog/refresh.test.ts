import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { type CatalogOptions, openCatalog } from './catalog.ts';
import { parseQuery } from './query/parse.ts';
import { MemoryRuns, runId } from './test-rows.ts';

function home(): CatalogOptions & { runs: MemoryRuns } {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-refresh-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const lock = async () => ({ release: async () => {} });
  return { file: join(directory, 'catalog.db'), runs: new MemoryRuns(), lock };
}

it('an open catalog that is told which runs changed answers as one that looks at all', async () => {
  const step = fc.record({ hour: fc.nat(7), what: fc.constantFrom('add', 'tag', 'remove', 'catch up') });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const options = home();
      for (const hour of [0, 1, 2, 3]) options.runs.add(hour, `wolf-v${hour}`);
      const catalog = await openCatalog(options);
      for (const { hour, what } of steps) {
        const id = runId(hour);
        if (what === 'add' && !options.runs.runs.has(id)) options.runs.add(hour, `wolf-v${hour}`);
        if (what === 'tag' && options.runs.runs.has(id))
          options.runs.tell(id, { type: 'tags', add: ['good'], remove: [] });
        if (what === 'remove') options.runs.runs.delete(id);
        if (what === 'catch up') await catalog.catchUp();
        else await catalog.refresh([id]);
        const other = await openCatalog({ ...options, lock: async () => null });
        for (const text of ['', 'tag:good', 'name:v1', 'status:running']) {
          const query = parseQuery(text, new Date());
          const all = await other.list(query);
          expect(await catalog.list(query)).toEqual(all);
          expect(await catalog.list(query, { limit: 2 })).toEqual(all.slice(0, 2));
          expect(await catalog.count(query)).toBe(all.length);
          expect(await other.count(query)).toBe(all.length);
          const standings = all.map(({ id, family, status, verdict, startedAt }) => {
            return { id, family, status, verdict, startedAt };
          });
          expect(await catalog.standings(query)).toEqual(standings);
          expect(await other.standings(query)).toEqual(standings);
          const summaries = await catalog.summaries(all.map(({ id }) => id));
          expect(all.map(({ id }) => summaries.get(id))).toEqual(all);
        }
        const ids = await catalog.settings([0, 1, 2, 3, 4].map(runId));
        expect([...ids.keys()].sort()).toEqual(
          [0, 1, 2, 3, 4].map(runId).filter((each) => options.runs.runs.has(each)),
        );
        await other.close();
      }
      await catalog.close();
    }),
    { numRuns: 25 },
  );
});
