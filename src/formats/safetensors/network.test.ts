import { describe, expect, it } from 'vitest';
import { decodeNumbers, networkBlocks } from './network.ts';

const tensor = (name: string, shape: number[]) => ({ name, shape, dtype: 'F16', begin: 0, end: 0 });

describe('the blocks of a network', () => {
  it('hold modules with their ranks, by the names of kohya, peft and LyCORIS', () => {
    const blocks = networkBlocks([
      tensor('lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight', [16, 320]),
      tensor('lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight', [320, 16]),
      tensor('lora_unet_down_blocks_0_attentions_0_proj_in.alpha', []),
      tensor('lora_unet_down_blocks_0_attentions_1_proj_in.hada_w1_b', [8, 320]),
      tensor('transformer.single_transformer_blocks.7.attn.to_q.lora_A.weight', [32, 3072]),
      tensor('emb_params', [2, 768]),
    ]);
    expect(blocks.map(({ name, modules, ranks }) => [name, modules, ranks])).toEqual([
      ['emb_params', 1, []],
      ['lora_unet_down_blocks_0', 2, [8, 16]],
      ['transformer.single_transformer_blocks.7', 1, [32]],
    ]);
    expect(blocks[1]?.parameters).toBe(2 * 16 * 320 + 1 + 8 * 320);
  });

  it('stand by number, those of cloneofsimo\u2019s names too', () => {
    const names = ['layers.10.lora_A', 'layers.2.lora_A', 'unet:11:down', 'unet:11:up', 'unet:0:down', '<s1>'];
    const blocks = networkBlocks(names.map((name) => tensor(name, [4, 8])));
    expect(blocks.map(({ name, modules, ranks }) => [name, modules, ranks])).toEqual([
      ['<s1>', 1, []],
      ['layers.2', 1, [4]],
      ['layers.10', 1, [4]],
      ['unet', 2, [4]],
    ]);
  });
});

describe('numbers of a tensor', () => {
  it.each([
    ['F16', [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00], [1, -2, 2 ** -24]],
    ['BF16', [0x80, 0x3f, 0x00, 0xc0], [1, -2]],
    ['F32', [0, 0, 0x80, 0x3f], [1]],
  ])('of %s are decoded', (dtype, bytes, numbers) => {
    expect([...(decodeNumbers(dtype, Uint8Array.from(bytes)) ?? [])]).toEqual(numbers);
  });

  it('of types without plain numbers are none', () => {
    expect(decodeNumbers('F8_E4M3', Uint8Array.of(1))).toBeNull();
  });
});
