import { expect, test } from 'vitest';
import { loggingEnvironment } from './environment.ts';

test('output into a file is unbuffered and in UTF-8', () => {
  expect(loggingEnvironment({ LANG: 'hu_HU.UTF-8' }, null)).toEqual({
    PYTHONUNBUFFERED: '1',
    PYTHONIOENCODING: 'utf-8:surrogateescape',
  });
});

test('where the terminal is one, its width and its colours are told', () => {
  expect(loggingEnvironment({ TERM: 'xterm' }, { columns: 132 })).toMatchObject({
    COLUMNS: '132',
    TQDM_NCOLS: '132',
    FORCE_COLOR: '1',
  });
});

test('nothing the user set is overridden, not even what is set to nothing', () => {
  const user = { PYTHONUNBUFFERED: '', PYTHONIOENCODING: 'latin-1', COLUMNS: '40', TQDM_NCOLS: '0', FORCE_COLOR: '0' };
  expect(loggingEnvironment(user, { columns: 132 })).toEqual({});
});

test.each([{ NO_COLOR: '1' }, { NO_COLOR: '' }, { TERM: 'dumb' }])('colour is not asked for with %o', (user) => {
  expect(loggingEnvironment(user, { columns: 80 })).not.toHaveProperty('FORCE_COLOR');
});

test.each([{ LANG: 'hu_HU.ISO-8859-2' }, { LANG: 'C.UTF-8', LC_ALL: 'de_DE.ISO-8859-1@euro' }])(
  'a terminal of another encoding keeps it: %o',
  (user) => {
    expect(loggingEnvironment(user, null)).not.toHaveProperty('PYTHONIOENCODING');
  },
);
