import { expect, test } from 'vitest';
import { parseStatus, parseTracked } from './status.ts';

const zero = '0'.repeat(40);
const list = (...records: string[]) => Buffer.from(records.map((each) => `${each}\0`).join(''), 'latin1');

test('a status with every kind of record is understood, whatever the names are', () => {
  const output = list(
    `1 .M N... 100644 100644 100644 ${zero} ${zero} a file.py`,
    `2 R. N... 100644 100644 100644 ${zero} ${zero} R100 new name.py`,
    '? old name.py',
    `u UU N... 100644 100644 100644 100644 ${zero} ${zero} ${zero} both ways.py`,
    '? new\nline \xff',
    '? nested/',
    '! ignored/',
    '# some header',
  );
  expect(parseStatus(output)).toEqual({
    changed: [
      { path: 'a file.py', letters: '.M', index: '0'.repeat(40) },
      { path: 'new name.py', letters: 'R.' },
      { path: 'both ways.py', letters: 'UU' },
    ],
    unmerged: 1,
    untracked: ['new\nline \xff', 'nested/'],
    ignored: ['ignored/'],
  });
});

test('tracked files come once, with submodules and unwatched files told apart', () => {
  const output = list(
    `H 100644 ${zero} 0\ta.py`,
    `h 100644 ${zero} 0\tassumed.py`,
    `S 100644 ${zero} 0\tskipped.py`,
    `M 100644 ${zero} 1\tmerged.py`,
    `M 100644 ${zero} 2\tmerged.py`,
    `H 160000 ${'a'.repeat(40)} 0\tsub\tmodule`,
  );
  expect(parseTracked(output)).toEqual({
    files: ['a.py', 'assumed.py', 'skipped.py', 'merged.py'],
    submodules: new Map([['sub\tmodule', 'a'.repeat(40)]]),
    unwatched: ['assumed.py', 'skipped.py'],
  });
});

test('nothing at all is no change', () => {
  expect(parseStatus(Buffer.alloc(0))).toEqual({ changed: [], unmerged: 0, untracked: [], ignored: [] });
});
