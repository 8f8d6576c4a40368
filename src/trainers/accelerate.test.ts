import { describe, expect, test } from 'vitest';
import type { ConfigFile } from '../model/config-file.ts';
import { trainerFor } from './registry.ts';
import { seeThrough } from './see-through.ts';

const path = '/hf/accelerate/default_config.yaml';
const file = (value: ConfigFile['value'], more: Partial<ConfigFile> = {}): ConfigFile => {
  return { role: 'accelerate', path, format: 'yaml', value, lines: new Map(), error: null, fault: null, ...more };
};
const launched = (words: string, ...read: ConfigFile[]) => {
  const invocation = seeThrough(words.split(' '), '/lora');
  return trainerFor(invocation).effective(invocation, read);
};
const values = (words: string, ...read: ConfigFile[]) =>
  Object.fromEntries(
    launched(words, ...read)
      .settings.filter(({ key }) => key.startsWith('accelerate.'))
      .map(({ key, value, source }) => [key.slice('accelerate.'.length), [value, source.kind]]),
  );

describe.each(['train_network.py', 'train_dreambooth_lora.py', 'my.py'])('accelerate launch %s', (script) => {
  test('is told by its options, over its file, over its defaults', () => {
    const read = file({ num_processes: 4, mixed_precision: 'fp16', gpu_ids: 'all', num_machines: 2 });
    expect(values(`accelerate launch --num_processes=2 --gpu_ids 0,1 ${script}`, read)).toEqual({
      num_processes: [2, 'argument'],
      gpu_ids: ['0,1', 'argument'],
      mixed_precision: ['fp16', 'accelerate-config'],
      num_machines: [2, 'accelerate-config'],
      dynamo_backend: ['no', 'default'],
    });
  });

  test('has a configuration that cannot be parsed told', () => {
    const broken = file(null, { error: 'line 2, column 1: not indented', fault: 'invalid' });
    const { warnings, files } = launched(`accelerate launch ${script}`, broken);
    expect(warnings).toEqual([
      {
        code: 'config-unreadable',
        message: `${path} could not be read as yaml: line 2, column 1: not indented`,
        hint: 'accelerate will probably refuse it too; its settings are not in this record.',
      },
    ]);
    expect(files).toContainEqual({ role: 'accelerate', key: 'accelerate.config_file', path, remote: false });
  });

  test('says nothing of a default configuration that is not there', () => {
    const missing = file(null, { error: 'no such file', fault: 'missing' });
    expect(launched(`accelerate launch ${script}`, missing)).toMatchObject({ warnings: [] });
  });
});

test('a value from the command line equals the same value from the file', () => {
  const fromFile = file({ num_processes: 2, gpu_ids: '0', mixed_precision: false, dynamo_backend: 'INDUCTOR' });
  const args = '--num_processes 2 --gpu_ids 0 --mixed_precision no --dynamo_backend inductor';
  const only = (found: Record<string, unknown[]>) => Object.entries(found).map(([key, [value]]) => [key, value]);
  expect(only(values('accelerate launch my.py', fromFile)).sort()).toEqual(
    only(values(`accelerate launch ${args} my.py`)).sort(),
  );
});

test('whatever accelerate is given for a configuration it reads as YAML, unless it ends in .json', () => {
  const wanted = (path: string) => {
    const invocation = seeThrough(['accelerate', 'launch', '--config_file', path, 'my.py'], '/lora');
    return trainerFor(invocation).wants(invocation, [])[0];
  };
  expect(wanted('two-gpus')).toMatchObject({ path: '/lora/two-gpus', format: 'yaml', optional: false });
  expect(wanted('two-gpus.json')).toMatchObject({ format: 'json' });
});
