import { describe, expect, test } from 'vitest';
import type { ConfigFile } from '../model/config-file.ts';
import type { ConfigValue } from '../model/facts.ts';
import { trainerFor } from './registry.ts';
import { seeThrough } from './see-through.ts';

const command = ['python', 'scripts/train.py', '--config-path', 'wolf.json'];

function effectiveOf(value: Record<string, ConfigValue>, lines: Record<string, number> = {}) {
  const invocation = seeThrough(command, '/opt/OneTrainer');
  const trainer = trainerFor(invocation);
  const [wanted] = trainer.wants(invocation, []);
  const { role, path } = wanted!;
  const file: ConfigFile = {
    role,
    path,
    format: 'json',
    value,
    lines: new Map(Object.entries(lines)),
    error: null,
    fault: null,
  };
  return { trainer, path, ...trainer.effective(invocation, [file]) };
}

describe("OneTrainer's configuration", () => {
  test('is read from --config-path, each value with its line', () => {
    const found = effectiveOf(
      { learning_rate: 0.0003, optimizer: { weight_decay: 0.01 }, workspace_dir: 'w' },
      { learning_rate: 2, 'optimizer.weight_decay': 4, workspace_dir: 6 },
    );
    expect([found.trainer.id, found.path]).toEqual(['onetrainer', '/opt/OneTrainer/wolf.json']);
    expect(found.settings.map(({ key, value, source, effective }) => [key, value, source.line, effective])).toEqual([
      ['config_path', 'wolf.json', undefined, false],
      ['learning_rate', 0.0003, 2, true],
      ['optimizer.weight_decay', 0.01, 4, true],
      ['workspace_dir', 'w', 6, false],
    ]);
  });

  test('tells dataset, base model and outputs, relative to where it was started', () => {
    const found = effectiveOf({
      workspace_dir: 'workspace/run',
      output_model_destination: 'models/wolf-v3.safetensors',
      base_model_name: 'models/base.safetensors',
      concepts: [{ path: 'data/wolf', balancing: 4, enabled: true }, { path: 'data/off', enabled: false }, null],
    });
    expect(found.datasets.map(({ path, repeats }) => [path, repeats])).toEqual([['/opt/OneTrainer/data/wolf', 4]]);
    expect(found.files.find(({ role }) => role === 'base-model')).toMatchObject({
      path: '/opt/OneTrainer/models/base.safetensors',
      remote: false,
    });
    expect(found.outputs).toMatchObject({ outputDir: '/opt/OneTrainer/workspace/run', outputName: 'wolf-v3' });
  });
});

test('what OneTrainer writes is told by its names', () => {
  const { trainer, outputs } = effectiveOf({ output_model_destination: 'wolf.safetensors' });
  const told = (path: string) => {
    const name = trainer.artifact(path, outputs);
    return name && [name.kind, name.step, name.epoch, name.prompt, name.final];
  };
  const time = 'wolf-2026-11-24_10-00-00';
  expect(told(`save/${time}-save-20-2-0.safetensors`)).toEqual(['checkpoint', 20, 2, null, false]);
  expect(told(`backup/${time}-backup-40-4-0`)).toEqual(['state', 40, 4, null, false]);
  expect(told(`samples/1 - a wolf/${time}-training-sample-20-2-0.jpg`)).toEqual(['sample', 20, 2, 1, false]);
  expect(told(`samples/custom/${time}-training-sample-20-2-0.png`)).toEqual(['sample', 20, 2, null, false]);
  expect(told('wolf.safetensors')).toEqual(['checkpoint', null, null, null, true]);
  expect([told('other.safetensors'), told(`config/${time}.json`), told('save/x.txt')]).toEqual([null, null, null]);
});
