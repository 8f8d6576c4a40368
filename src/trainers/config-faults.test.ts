import { expect, test } from 'vitest';
import type { ConfigFile } from '../model/config-file.ts';
import { configFaults } from './config-faults.ts';

const fault = (more: Partial<ConfigFile>) =>
  configFaults([
    {
      role: 'config',
      path: '/c.toml',
      format: 'toml',
      value: null,
      lines: new Map(),
      error: null,
      fault: null,
      ...more,
    },
  ])[0];

test('of a configuration that is too large only Spoor’s own limit is said, not that the trainer refuses it', () => {
  expect(fault({ error: 'it has 3 MB, more than is read', fault: 'too-large' })).toEqual({
    code: 'config-too-large',
    message: '/c.toml is not understood: it has 3 MB, more than is read',
    hint: 'Its settings are not in this record; the trainer may use them all the same.',
  });
});

test('a configuration that is no TOML is said to be refused by the trainer too', () => {
  expect(fault({ error: 'line 1', fault: 'invalid' })).toMatchObject({
    code: 'config-unreadable',
    hint: expect.stringContaining('The trainer will probably refuse it too'),
  });
});

test('a configuration that only the trainer’s reader refuses is told, though it is understood', () => {
  const error = "a heterogeneous array, which Python's toml refuses";
  expect(fault({ value: {}, error })).toMatchObject({ code: 'config-refused', message: `/c.toml: ${error}` });
});

test('a good configuration, and one that is told of elsewhere, has no fault', () => {
  expect(fault({ value: {} })).toBeUndefined();
  expect(fault({ error: 'ENOENT', fault: 'missing' })).toBeUndefined();
});
