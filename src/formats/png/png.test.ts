import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpoorError } from '../../model/errors.ts';
import type { ByteReader } from '../safetensors/header.ts';
import { renderOf } from './render.ts';
import { readPngTexts } from './text-chunks.ts';

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

function chunk(type: string, data: Buffer, length = data.length): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}

const end = chunk('IEND', Buffer.alloc(0));
const png = (...chunks: Buffer[]) => Buffer.concat([signature, ...chunks, end]);

function readerOf(bytes: Uint8Array): ByteReader & { most: number } {
  const reader = {
    size: bytes.byteLength,
    most: 0,
    read: async (position: number, length: number) => {
      reader.most = Math.max(reader.most, length);
      return bytes.subarray(position, position + length);
    },
  };
  return reader;
}

const texts = async (bytes: Uint8Array) => ({ ...(await readPngTexts(readerOf(bytes), 'a.png')) });

describe('the texts of a PNG', () => {
  it('are read from all three kinds of chunk, pixels passed over', async () => {
    const bytes = png(
      chunk('tEXt', Buffer.from('parameters\0żółw', 'utf8')),
      chunk('IDAT', Buffer.alloc(1000)),
      chunk('zTXt', Buffer.concat([Buffer.from('prompt\0\0'), deflateSync('{}')])),
      chunk('iTXt', Buffer.concat([Buffer.from('workflow\0\x01\0en\0\0'), deflateSync('狼')])),
    );
    expect(await texts(bytes)).toEqual({ parameters: 'żółw', prompt: '{}', workflow: '狼' });
  });

  it('that stand before a cut are read', async () => {
    const bytes = png(chunk('tEXt', Buffer.from('a\0b')), chunk('tEXt', Buffer.from('c\0d')));
    expect(await texts(bytes.subarray(0, 30))).toEqual({ a: 'b' });
  });

  it.each([
    ['a chunk longer than any', png(chunk('IDAT', Buffer.alloc(0), 0xffff_ffff)), 'claims 4294967295 bytes'],
    ['a text longer than is read', png(chunk('tEXt', Buffer.alloc(0), 1 << 30)), 'a text claims'],
    [
      'a text that inflates without end',
      png(chunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(32 << 20))]))),
      'a compressed text',
    ],
    ['something else', Buffer.from('GIF89a, not a PNG'), 'does not begin'],
  ])('are refused of %s', async (_what, bytes, message) => {
    await expect(texts(bytes)).rejects.toThrow(message);
  });

  it('of any bytes are read within the bounds or refused as malformed', async () => {
    const part = fc.record({
      type: fc.constantFrom('tEXt', 'zTXt', 'iTXt', 'IDAT', 'IEND', 'abcd'),
      data: fc.uint8Array({ maxLength: 64 }),
      length: fc.option(fc.integer({ min: 0, max: 0xffff_ffff }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), fc.nat(600), async (parts, cut) => {
        const bytes = png(...parts.map(({ type, data, length }) => chunk(type, Buffer.from(data), length)));
        const reader = readerOf(bytes.subarray(0, cut));
        const found = await readPngTexts(reader, 'a.png').catch((error) => {
          expect(error).toBeInstanceOf(SpoorError);
          return {};
        });
        renderOf(found);
        expect(reader.most).toBeLessThanOrEqual(16 << 20);
      }),
    );
  });
});

describe('the LoRAs of a render', () => {
  it('are told by the parameters of A1111: names, weights and hashes', () => {
    const parameters =
      'a wolf <lora:wolf-000008:0.8> <lyco:fur:1>\nNegative prompt: blurry\nSteps: 20, Sampler: Euler, ' +
      'Model hash: 6ce0161689, Lora hashes: "wolf-000008: 0123456789ab, fur: 0xABCDEF012345", Version: v1.9.4';
    expect(renderOf({ parameters })).toEqual({
      by: 'a1111',
      loras: [
        { name: 'wolf-000008', weight: 0.8, hash: '0123456789ab' },
        { name: 'fur', weight: 1, hash: 'abcdef012345' },
      ],
    });
  });

  it('are told by the hashes that sites write beside the parameters', () => {
    const parameters = 'a wolf\nSteps: 20, Hashes: {"lora:wolf": "0123456789", "model": "6ce0161689"}';
    expect(renderOf({ parameters })?.loras).toEqual([{ name: 'wolf', weight: null, hash: '0123456789' }]);
  });

  it('are told by the nodes that ComfyUI executed, NaN among them', () => {
    const prompt =
      '{"3": {"class_type": "KSampler", "is_changed": NaN, "inputs": {"seed": 1}},' +
      '"4": {"class_type": "LoraLoader", "inputs": {"lora_name": "animals\\\\wolf.safetensors", "strength_model": 0.7}},' +
      '"5": {"inputs": {"lora_1": {"on": true, "lora": "fur.safetensors", "strength": 1}, "lora_2": {"on": false, "lora": "off.safetensors"}}}}';
    expect(renderOf({ prompt, workflow: '{"nodes": []}' })).toEqual({
      by: 'comfyui',
      loras: [
        { name: 'wolf', weight: 0.7, hash: null },
        { name: 'fur', weight: 1, hash: null },
      ],
    });
  });

  it('are told by the drawn workflow where nothing else is there, bypassed nodes left out', () => {
    const node = (mode: number, name: string) => ({ type: 'LoraLoader', mode, widgets_values: [name, 0.5, 1] });
    const workflow = JSON.stringify({ nodes: [node(0, 'wolf.safetensors'), node(4, 'fur.safetensors')] });
    expect(renderOf({ workflow })?.loras).toEqual([{ name: 'wolf', weight: 0.5, hash: null }]);
  });

  it('of any text are none or some, at once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        renderOf({ parameters: `${text}\nSteps: 2 ${text}`, prompt: text, workflow: text });
      }),
    );
    renderOf({ parameters: `${'<lora:'.repeat(200_000)}\nSteps: 2, Lora hashes: "${'a:'.repeat(9_000)}"` });
    renderOf({ prompt: '['.repeat(1 << 20) });
  });
});
