import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngine, type OpenDatabase, openDatabase } from '../database.ts';
import { listRuns, removeAll, replaceRuns } from '../queries.ts';
import { recordOf, summarise } from '../record.ts';
import { anyRow, anyTerm } from '../test-rows.ts';
import { parseQuery } from './parse.ts';
import { holds } from './predicate.ts';
import { comparer, sortKeys } from './sort.ts';

describe('a query means the same to the database and to the folders', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openDatabase(':memory:', true, loadEngine);
  });
  afterAll(() => database.close());

  it('for rows, conditions and orders of every kind', async () => {
    const rowsOf = fc.uniqueArray(anyRow, { selector: (row) => row.id, maxLength: 20 });
    const query = fc.array(anyTerm, { minLength: 1, maxLength: 3 }).map((terms) => terms.join(' '));
    const sortOf = fc.record({ by: fc.constantFrom(...sortKeys), descending: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        rowsOf,
        fc.array(query, { minLength: 5, maxLength: 10 }),
        sortOf,
        async (rows, queries, sort) => {
          await removeAll(database.db);
          await replaceRuns(
            database.db,
            rows.map((row) => ({ record: recordOf(row, ''), made: [] })),
            [],
            null,
          );
          for (const text of queries) {
            const condition = parseQuery(text, new Date());
            const expected = rows.filter((row) => holds(condition, row)).map(summarise);
            expected.sort(comparer(sort));
            expect(await listRuns(database.db, condition, sort, Infinity), text).toEqual(expected);
          }
        },
      ),
      { numRuns: 80 },
    );
  });
});
