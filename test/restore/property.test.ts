/** Random work trees, made with real git, stand again as they were. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Repo } from '../../src/model/run.ts';
import { keepHistory } from '../../src/store/code/history.ts';
import { openHome } from '../../src/store/home.ts';
import { FoundContent } from '../../src/tracker/restore/content.ts';
import { restoreCode } from '../../src/tracker/restore/restore-code.ts';
import { codeWorld, tree } from '../code/world.ts';

const name = fc.oneof(
  fc.constantFrom(
    'a.py',
    'b.py',
    'c',
    'data.json',
    '.gitattributes',
    'é.txt',
    'with space.toml',
    '-dash',
    'x\ny',
    '~',
    '"q"',
  ),
  fc.stringMatching(/^[a-z]{1,3}$/),
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const entry = fc.record({
  path,
  content: fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom('* text eol=crlf\n', 'a\r\nb\r\n', '$Id$\n', ''),
  ),
  kind: fc.constantFrom('file', 'program', 'link'),
  committed: fc.boolean(),
  changed: fc.boolean(),
});

function put(top: string, { path: below, kind }: { path: string; kind: string }, content: Buffer | string): void {
  const place = join(top, below);
  try {
    mkdirSync(dirname(place), { recursive: true });
    rmSync(place, { force: true });
    if (kind === 'link') symlinkSync(content.toString('latin1').replaceAll('\0', '') || 'x', place);
    else writeFileSync(place, content);
    if (kind === 'program') chmodSync(place, 0o755);
  } catch {
    // Another entry stands in the way: the tree has one less.
  }
}

test('whatever a work tree holds, committed, changed or new, stands again with mode and bytes', async () => {
  const world = codeWorld();
  const home = await openHome(world.at('home'));
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 12 }), fc.boolean(), async (entries, nested) => {
      const top = world.repository(`tree-${++count}`, { 'first.py': 'first\n' });
      for (const each of entries.filter(({ committed }) => committed)) put(top, each, each.content);
      world.git(top, 'add', '-A');
      world.git(top, 'commit', '-q', '--allow-empty', '-m', 'second');
      for (const each of entries.filter(({ committed, changed }) => !committed || changed)) {
        put(top, each, Buffer.concat([Buffer.from(each.content), Buffer.from('more')]));
      }
      if (nested) {
        rmSync(join(top, 'inner'), { recursive: true, force: true });
        world.repository(`tree-${count}/inner`, { 'inner.py': 'inner\n' });
      }
      const { repository } = await world.capture(top);
      const own = world.port.named(repository.code!);
      const source = { gitDirectory: join(top, '.git'), head: repository.head! };
      const { kept } = await keepHistory(world.port.git, own.gitDirectory, source);
      const before = tree(top);
      const status = world.git(top, 'log', '--format=%H %s');
      rmSync(top, { recursive: true });

      const into = mkdtempSync(world.at('into-'));
      const repo: Repo = { ...repository, history: kept };
      const { missing, repository: isOne } = await restoreCode(
        world.port,
        repo,
        into,
        'repos/x',
        new FoundContent(home, 'X'),
      );

      expect(missing).toEqual([]);
      expect(isOne).toBe(true);
      expect(tree(join(into, 'repos/x'))).toEqual(before);
      expect(world.git(join(into, 'repos/x'), 'log', '--format=%H %s')).toBe(status);
    }),
    { numRuns: Number(process.env.SPOOR_TEST_RUNS ?? 25), endOnFailure: true },
  );
}, 120_000);
