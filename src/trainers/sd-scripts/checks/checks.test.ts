import { describe, expect, test } from 'vitest';
import type { DatasetState } from '../../../model/facts.ts';
import { seeThrough } from '../../see-through.ts';
import { config, fixture } from '../../testing/genuine-runs.ts';
import type { CheckSubject } from '../../trainer.ts';
import { sdScripts } from '../sd-scripts.ts';
import { planOf } from './saves.ts';

/** A look at a command of `train_network.py`, with what is known besides. */
function subject(args: readonly string[], rest: Partial<CheckSubject> = {}, toml = ''): CheckSubject {
  const command = ['python', 'train_network.py', '--config_file=c', '--output_dir=/out', '--output_name=wolf', ...args];
  const effective = sdScripts.effective(seeThrough(command, '/lora'), [config(toml, '/lora/c.toml')]);
  const trainer = { role: 'trainer' as const, path: '/lora/train_network.py', key: 'script', kind: 'file' as const };
  return {
    settings: effective.settings,
    outputs: effective.outputs,
    files: [{ ...trainer, sha1: null, sha256: null, bytes: 1, object: null }],
    dataset: null,
    standing: [],
    freeBytes: null,
    checkpointBytes: null,
    warnings: [],
    ...rest,
  };
}

const told = (of: CheckSubject) => sdScripts.checks(of).map(({ severity, code }) => `${severity} ${code}`);

function images(count: number, captions = count, root: Partial<DatasetState['roots'][number]> = {}): DatasetState {
  return {
    roots: [{ path: '/d', kind: 'train', repeats: 10, classTokens: null, captionExtension: '.txt', ...root }],
    files: count + captions,
    images: count,
    captions,
    bytes: 0,
    sha256: null,
    manifest: null,
    imagesKept: 0,
    omitted: [],
    omittedMore: 0,
  };
}

function standing(subject_: CheckSubject, ...paths: string[]): CheckSubject {
  const named = paths.map((path) => ({ path, name: sdScripts.artifact(path, subject_.outputs)!, bytes: 1_000_000 }));
  return { ...subject_, standing: named };
}

describe('the number of saves', () => {
  test('follows steps, epochs and what is removed on the way', () => {
    const plan = (args: string[], dataset: DatasetState | null = null) =>
      planOf(subject(args, { dataset })).checkpoints;
    expect(plan(['--max_train_steps=1000', '--save_every_n_steps=300'])).toBe(4);
    expect(plan(['--max_train_steps=1000', '--save_every_n_steps=100', '--save_last_n_steps=200'])).toBe(4);
    expect(plan(['--max_train_epochs=10', '--save_every_n_epochs=2'])).toBe(5);
    expect(plan(['--max_train_epochs=10', '--save_every_n_epochs=1', '--save_last_n_epochs=3'])).toBe(4);
    // 20 images ten times in batches of 4 are 50 steps an epoch.
    expect(plan(['--max_train_steps=500', '--save_every_n_epochs=1', '--train_batch_size=4'], images(20))).toBe(10);
    expect(planOf(subject(['--max_train_steps=100', '--save_every_n_steps=50', '--save_state'])).states).toBe(3);
  });
});

describe('the disk', () => {
  test('is too small for what is planned, as far as the size of a checkpoint is known', () => {
    const args = ['--max_train_steps=1000', '--save_every_n_steps=100', '--network_module=networks.lora'];
    const half = [...args, '--network_dim=128', '--save_precision=fp16'];
    expect(told(subject(half, { freeBytes: 1e9 }))).toEqual(['warning disk-short']);
    expect(sdScripts.checks(subject(half, { freeBytes: 1e9 }))[0]?.message).toBe(
      '11 checkpoints of about 151 MB need about 1.7 GB; /out has 1.0 GB free',
    );
    expect(told(subject(half, { freeBytes: 2e9 }))).toEqual(['note disk-needed']);
    expect(told(subject(half, { freeBytes: 1e9, checkpointBytes: 1e6 }))).toEqual(['note disk-needed']);
    expect(told(subject(['--network_module=lycoris.kohya'], { freeBytes: 1 }))).toEqual([]);
  });
});

describe('files of an earlier run', () => {
  test('are named if this run will write them anew', () => {
    const args = ['--max_train_steps=1000', '--save_every_n_steps=500'];
    const old = ['wolf.safetensors', 'wolf-step00000500.safetensors', 'wolf-step00000300.safetensors'];
    const [finding] = sdScripts.checks(standing(subject(args), ...old));
    expect(finding?.code).toBe('would-overwrite');
    expect(finding?.message).toBe(
      '2 files of an earlier run will be overwritten: wolf.safetensors, wolf-step00000500.safetensors in /out',
    );
    expect(told(standing(subject(args), 'wolf-step00000300.safetensors', 'wolf-step00002000.safetensors'))).toEqual([]);
    expect(told(standing(subject(args), 'wolf-state'))).toEqual([]);
    expect(told(standing(subject([...args, '--save_state']), 'wolf-state'))).toEqual(['warning would-overwrite']);
  });
});

describe('captions', () => {
  test('that are missing are counted, unless it was said that others are not read', () => {
    const unread = { code: 'captions-not-read', message: '', hint: null };
    expect(told(subject([], { dataset: images(5, 3) }))).toEqual(['warning captions-missing']);
    expect(told(subject([], { dataset: images(5, 5) }))).toEqual([]);
    expect(told(subject([], { dataset: images(5, 0), warnings: [unread] }))).toEqual([]);
    expect(told(subject([], { dataset: images(5, 0, { captionExtension: '' }) }))).toEqual([]);
  });

  test('are not needed where class tokens stand for all of them', () => {
    expect(told(subject([], { dataset: images(5, 0, { classTokens: 'grey wolf' }) }))).toEqual([
      'note captions-missing',
    ]);
  });
});

describe('settings that are ignored', () => {
  test('are told with their place and reason, habits as notes', () => {
    const toml = `train_data_dir = "/d"\n[train]\nlearning_rate = 1e-4\nunet_lr = 1e-4\ntext_encoder_lr = 5e-5\n`;
    const findings = sdScripts.checks(subject(['--dataset_config=/d.toml'], {}, toml));
    expect(findings).toEqual([
      {
        severity: 'warning',
        code: 'setting-ignored',
        message: 'train_data_dir is ignored (/lora/c.toml:1): dataset_config stands for it',
        hint: expect.any(String),
      },
      expect.objectContaining({ severity: 'note', message: expect.stringContaining('learning_rate is ignored') }),
    ]);
  });

  test('are found in a genuine configuration of LyCORIS', () => {
    const toml = fixture('lycoris/lokr_config.toml').toString();
    const findings = sdScripts.checks(subject([], {}, toml));
    expect(findings.filter(({ severity }) => severity !== 'note').map(({ message }) => message)).toEqual([
      'max_train_steps is ignored (/lora/c.toml:6): max_train_epochs decides the number of steps',
    ]);
  });
});
