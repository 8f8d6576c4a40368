import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMetadata } from './metadata.ts';

const genuine = (run: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/fixtures/kohya/${run}/metadata.json`, import.meta.url), 'utf8'));

describe('the metadata of sd-scripts', () => {
  const told = readMetadata(genuine('A-good-lora-pty'));
  const value = (key: string) => told.settings.find((setting) => setting.key === key)?.value;

  it('give the arguments back, by the names of the command line', () => {
    expect(value('unet_lr')).toBe(0.0001);
    expect(value('text_encoder_lr')).toBe(5e-5);
    expect(value('optimizer_type')).toBe('torch.optim.adamw.AdamW');
    expect(value('train_batch_size')).toBe(1);
    expect(value('shuffle_caption')).toBe(true);
    expect(value('pretrained_model_name_or_path')).toBe('sd15-random.safetensors');
    expect(value('clip_skip')).toBeUndefined();
  });

  it('give session, step, folders, buckets and the frequency of tags', () => {
    expect(told).toMatchObject({
      writer: 'sd-scripts',
      title: 'kumo',
      step: 24,
      session: { id: '873797285', startedAt: '2026-11-23T20:53:49.181Z' },
      folders: [{ name: '2_kumo cat', repeats: 2, images: 6 }],
      buckets: [{ width: 64, height: 64, count: 12 }],
    });
    expect(told.tags[0]).toEqual({ tag: 'kumo', count: 6 });
  });

  it('with optimizer arguments give class and arguments apart', () => {
    const { settings } = readMetadata({ ss_optimizer: 'prodigy.Prodigy(weight_decay=0.1,betas=(0.9, 0.99))' });
    expect(settings).toEqual([
      { key: 'optimizer_args', value: ['weight_decay=0.1', 'betas=(0.9, 0.99)'] },
      { key: 'optimizer_type', value: 'prodigy.Prodigy' },
    ]);
  });

  it('of several datasets are summed', () => {
    const dataset = {
      tag_frequency: { a: { wolf: 2 }, b: { wolf: 1 } },
      bucket_info: { buckets: { 0: { resolution: [64, 96], count: 4 } } },
      subsets: [{ image_dir: 'a', num_repeats: 3, img_count: 2 }],
    };
    const { tags, buckets, folders } = readMetadata({ ss_datasets: JSON.stringify([dataset, dataset]) });
    expect(tags).toEqual([{ tag: 'wolf', count: 6 }]);
    expect(buckets).toEqual([{ width: 64, height: 96, count: 8 }]);
    expect(folders).toHaveLength(2);
  });
});

describe('the metadata of others', () => {
  it.each([
    ['lycoris', { ss_network_module: 'lycoris.kohya' }],
    ['onetrainer', { ot_config: '{"learning_rate": 0.0003}' }],
    ['ai-toolkit', { training_info: '{"step": 500, "epoch": 2}', sshs_model_hash: '0xABCDEF012345' }],
    ['diffusers', { lora_adapter_metadata: '{"transformer.r": 16}' }],
    [null, { title: 'x' }],
  ] as [string | null, Record<string, string>][])('name their writer: %s', (writer, metadata) => {
    expect(readMetadata(metadata).writer).toBe(writer);
  });

  it('give the step of ai-toolkit, the arguments of OneTrainer, and hashes without their 0x', () => {
    expect(readMetadata({ training_info: '{"step": 500}' }).step).toBe(500);
    expect(readMetadata({ ot_config: '{"learning_rate": 0.0003}' }).settings).toEqual([
      { key: 'learning_rate', value: 0.0003 },
    ]);
    expect(readMetadata({ sshs_model_hash: '0xABCDEF012345' }).claims.modelHash).toBe('abcdef012345');
  });

  it('of any content are read without an error', () => {
    const key = fc.oneof(
      fc.constantFrom('ss_datasets', 'ss_tag_frequency', 'ss_bucket_info', 'ss_dataset_dirs', 'ss_network_args'),
      fc.constantFrom(
        'ot_config',
        'training_info',
        'ss_optimizer',
        'ss_steps',
        'ss_training_started_at',
        'peft_config',
      ),
      fc.string(),
    );
    const value = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constantFrom('[null, [1]]', '{"buckets": {"0": null}}', '99999999999'),
    );
    fc.assert(fc.property(fc.dictionary(key, value), (metadata) => void readMetadata(metadata)));
  });
});
