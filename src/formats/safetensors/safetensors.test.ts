import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpoorError } from '../../model/errors.ts';
import { type ByteReader, readSafetensorsHeader } from './header.ts';
import { ModelHasher, sshsLegacyHash } from './model-hashes.ts';

function reader(bytes: Uint8Array): ByteReader {
  return { size: bytes.byteLength, read: async (position, length) => bytes.subarray(position, position + length) };
}

function file(header: unknown, data = Buffer.alloc(0)): Buffer {
  const json = typeof header === 'string' ? header : JSON.stringify(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
  return Buffer.concat([length, Buffer.from(json), data]);
}

const header = (bytes: Uint8Array) => readSafetensorsHeader(reader(bytes), 'a.safetensors');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const tensor = (begin: number, end: number) => ({
  dtype: 'F16',
  shape: [(end - begin) / 2],
  data_offsets: [begin, end],
});

describe('the header of a safetensors file', () => {
  it('gives metadata and tensors in the order of their bytes', async () => {
    const bytes = file({ b: tensor(4, 10), __metadata__: { ss_seed: '23' }, a: tensor(0, 4) }, Buffer.alloc(10));
    const found = await header(bytes);
    expect(found.metadata).toEqual({ ss_seed: '23' });
    expect(found.tensors.map(({ name, shape, begin }) => [name, shape, begin])).toEqual([
      ['a', [2], 0],
      ['b', [3], 4],
    ]);
    expect(8 + found.headerBytes + found.dataBytes).toBe(bytes.byteLength);
  });

  it('allows no metadata, scalars, empty tensors and unknown data types', async () => {
    const tensors = {
      scalar: { dtype: 'F32', shape: [], data_offsets: [0, 4] },
      empty: { dtype: 'F32', shape: [0, 3], data_offsets: [4, 4] },
      packed: { dtype: 'F4', shape: [8], data_offsets: [4, 8] },
    };
    const found = await header(file(tensors, Buffer.alloc(8)));
    expect(found.metadata).toEqual({});
    expect(found.tensors).toHaveLength(3);
  });

  it('says of every shorter file that it is not whole', async () => {
    const bytes = file({ a: tensor(0, 8) }, Buffer.alloc(8));
    for (let length = 0; length < bytes.byteLength; length++) {
      await expect(header(bytes.subarray(0, length))).rejects.toMatchObject({
        kind: 'data',
        code: 'safetensors-truncated',
      });
    }
  });

  it.each([
    ['a length beyond every memory', Buffer.alloc(64, 0xff), 'claims 18446744073709551615 bytes'],
    ['text that is no JSON', file('{"a": '), 'cannot be read'],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from([0xff, 0xfe])]),
      'cannot be read',
    ],
    ['a list', file([]), 'no JSON object'],
    ['the same tensor twice', file('{"a":{},"\\u0061":{}}'), 'stands twice'],
    ['nesting without end', file('['.repeat(1 << 20)), 'nested deeper'],
    [
      'keys without end',
      file({ __metadata__: Object.fromEntries(Array.from({ length: 400_001 }, (_, at) => [at, ''])) }),
      'more than 400000 keys',
    ],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }), 'is not a text'],
    ['a tensor over another', file({ a: tensor(0, 8), b: tensor(4, 12) }, Buffer.alloc(12)), 'overlaps'],
    [
      'a tensor backwards',
      file({ a: { dtype: 'F16', shape: [1], data_offsets: [4, 2] } }, Buffer.alloc(8)),
      'ends before',
    ],
    [
      'a shape that does not fit',
      file({ a: { dtype: 'F16', shape: [9], data_offsets: [0, 2] } }, Buffer.alloc(2)),
      'does not fit',
    ],
    ['negative offsets', file({ a: { dtype: 'F16', shape: [1], data_offsets: [-2, 0] } }), 'no place'],
    ['a fractional shape', file({ a: { dtype: 'F16', shape: [0.5], data_offsets: [0, 1] } }), 'no shape'],
  ])('refuses %s', async (_, bytes, text) => {
    await expect(header(bytes)).rejects.toMatchObject({
      code: 'safetensors-malformed',
      message: expect.stringContaining(text),
    });
  });

  it('keeps a tensor called __proto__ out of every prototype', async () => {
    const found = await header(
      file(
        '{"__metadata__":{"__proto__":"x"},"__proto__":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}',
        Buffer.alloc(2),
      ),
    );
    expect(found.tensors[0]!.name).toBe('__proto__');
    expect(Object.entries(found.metadata)).toEqual([['__proto__', 'x']]);
  });

  it('never fails otherwise, whatever the bytes', async () => {
    const json = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', '1', 'dtype', 'shape'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          json.map((each) => file(each)),
        ),
        async (bytes) => {
          await header(bytes).catch((error) => expect(error).toBeInstanceOf(SpoorError));
        },
      ),
    );
  });
});

describe('the hashes of a model', () => {
  const data = Buffer.alloc(0x120000, 'tensor bytes ');
  const model = file(
    { __metadata__: { ss_seed: '1', 'modelspec.title': 'wolf' }, w: tensor(0, data.byteLength) },
    data,
  );

  it('are the same however the file is cut', async () => {
    const { headerBytes } = await header(model);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 0x90000 }), { maxLength: 20 }), (cuts) => {
        const hasher = new ModelHasher({ tensorsBegin: 8 + headerBytes, sha1: true });
        let at = 0;
        for (const cut of cuts) {
          hasher.update(model.subarray(at, at + cut));
          at += cut;
        }
        hasher.update(model.subarray(at));
        expect(hasher.digest()).toEqual({
          sha256: sha256(model),
          sha1: createHash('sha1').update(model).digest('hex'),
          bytes: model.byteLength,
          legacyHash: sha256(model.subarray(0x100000, 0x110000)).slice(0, 8),
          tensorSha256: sha256(data),
        });
      }),
      { numRuns: 20 },
    );
  });

  it('include the legacy hash that every file under 1 MiB has', () => {
    const hasher = new ModelHasher({ tensorsBegin: null });
    hasher.update(Buffer.from('small'));
    expect(hasher.digest()).toMatchObject({ legacyHash: 'e3b0c442', tensorSha256: null, sha1: null });
  });

  it('include the legacy hash of the file without foreign metadata', async () => {
    const found = await header(model);
    const raw = { w: tensor(0, data.byteLength) };
    const read = async (offset: number, length: number) => data.subarray(offset, offset + length);
    const json = Buffer.from(JSON.stringify({ __metadata__: { ss_seed: '1' }, ...raw }));
    const padded = file(json.toString().padEnd(Math.ceil(json.byteLength / 8) * 8), data);
    expect(await sshsLegacyHash(found, raw, read)).toBe(sha256(padded.subarray(0x100000, 0x110000)).slice(0, 8));
  });
});
