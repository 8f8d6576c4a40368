import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventFile, maskedCrc32c } from '../../demo/library/event-file.mjs';
import { decodePng, encodePng } from '../../demo/library/png.mjs';
import { dumps, Float, floatText, str, threeDigits } from '../../demo/library/python-text.mjs';
import { Random } from '../../demo/library/random.mjs';
import {
  decodeSafetensors,
  encodeHashed,
  encodeSafetensors,
  fromHalf,
  toHalf,
} from '../../demo/library/safetensors.mjs';
import { recordsOf } from './read-back.ts';

/** Runs Python on JSON and gives its JSON answer. */
function python(code: string, input: unknown): unknown {
  const result = spawnSync('python3', ['-c', `import json,sys,struct,zlib\nx=json.load(sys.stdin)\n${code}`], {
    input: JSON.stringify(input),
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

describe('values in metadata', () => {
  it('are written as Python writes them', () => {
    const random = new Random(3);
    const numbers = [0, 1, -1, 0.1, 1e-4, 1e-5, 2.5e-7, 1e16, 1e22, 123456.789, 5e-324, 1 / 3];
    for (let i = 0; i < 300; i++) numbers.push(random.normal() * 10 ** Math.floor(random.uniform() * 40 - 20));
    const expected = python('print(json.dumps([[repr(float(v)),"%.3g" % v] for v in x]))', numbers);
    expect(numbers.map((value) => [floatText(value), threeDigits(value)])).toEqual(expected);
  });

  it('keep the names of None, True, tuples and nested JSON', () => {
    expect([null, true, false, 3, new Float(3), [512, 512], 'text'].map((value) => str(value))).toEqual([
      'None',
      'True',
      'False',
      '3',
      '3.0',
      '(512, 512)',
      'text',
    ]);
    const value = { 'kék "macska"': [1, null, true], 猫: { a: 1.5 } };
    expect(dumps(value)).toBe(python('print(json.dumps(json.dumps(x)))', value));
    expect([Number.NaN, Number.POSITIVE_INFINITY].map(threeDigits)).toEqual(['nan', 'inf']);
  });
});

describe('half precision', () => {
  it('rounds as Python packs it', () => {
    const random = new Random(5);
    const numbers = [0, 1, -2, 65504, 65519, 6e-8, 2.9e-8, 2 ** -14, 2 ** -15, 0.1, 1 / 3, 2049, 2051];
    for (let i = 0; i < 500; i++)
      numbers.push(Math.fround(random.normal() * 2 ** Math.floor(random.uniform() * 40 - 26)));
    const inRange = numbers.filter((value) => Math.abs(value) < 65520).map(Math.fround);
    expect(inRange.map(toHalf)).toEqual(
      python('print(json.dumps([struct.unpack("<H",struct.pack("<e",v))[0] for v in x]))', inRange),
    );
  });

  it('gives every half back', () => {
    for (let half = 0; half < 65536; half++) {
      const value = fromHalf(half);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(half);
    }
    expect(toHalf(1e6)).toBe(0x7c00);
    expect(fromHalf(toHalf(Number.NaN))).toBeNaN();
  });
});

describe('safetensors files', () => {
  const tensors = [
    { name: 'b', shape: [2, 2], values: Float32Array.of(1, -2, 0.5, 4) },
    { name: 'a', shape: [], values: Float32Array.of(8) },
  ];

  it.each(['F16', 'F32'] as const)('give back what was put in, as %s', (precision) => {
    const { metadata, tensors: read } = decodeSafetensors(encodeSafetensors(tensors, { 名: 'x' }, precision));
    expect(metadata).toEqual({ 名: 'x' });
    expect(read).toEqual(tensors.toReversed());
  });

  it('begin their data at a multiple of eight, without gaps', () => {
    const file = encodeSafetensors(tensors, { a: 'odd' }, 'F32');
    const length = Number(file.readBigUInt64LE());
    expect(length % 8).toBe(0);
    const header = JSON.parse(file.toString('utf8', 8, 8 + length));
    expect(header.a).toEqual({ dtype: 'F32', shape: [], data_offsets: [0, 4] });
    expect(header.b).toEqual({ dtype: 'F32', shape: [2, 2], data_offsets: [4, 20] });
    expect(file.length).toBe(8 + length + 20);
  });

  it('carry the hash of their tensors, whatever the metadata', () => {
    const hashOf = (metadata: Record<string, string>) => {
      const file = encodeHashed(tensors, metadata, 'F32');
      const tensorBytes = file.subarray(8 + Number(file.readBigUInt64LE()));
      const { sshs_model_hash, sshs_legacy_hash } = decodeSafetensors(file).metadata;
      expect(sshs_model_hash).toBe(createHash('sha256').update(tensorBytes).digest('hex'));
      expect(sshs_legacy_hash).toBe('e3b0c442');
      return sshs_model_hash;
    };
    expect(hashOf({ ss_seed: '1' })).toBe(hashOf({ ss_seed: '2', 'modelspec.title': 'x' }));
  });

  it('are refused when cut short', () => {
    const file = encodeSafetensors(tensors, {}, 'F32');
    expect(() => decodeSafetensors(file.subarray(0, 4))).toThrow('HeaderTooLarge');
    expect(() => decodeSafetensors(file.subarray(0, 20))).toThrow('HeaderTooLarge');
    expect(() => decodeSafetensors(file.subarray(0, -1))).toThrow('InvalidOffset("b")');
  });
});

describe('PNG files', () => {
  it('give back every picture', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.nat(), (width, height, seed) => {
        const random = new Random(seed);
        const rgb = Uint8Array.from({ length: width * height * 3 }, () => random.uniform() * 256);
        expect(decodePng(encodePng({ width, height, rgb }))).toEqual({ width, height, rgb });
      }),
    );
  });

  it('are read with every filter, with alpha and in grey', () => {
    const code = `
def chunk(t,d): return struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))
def png(colour,channels,rows):
    return (b'\\x89PNG\\r\\n\\x1a\\n'+chunk(b'IHDR',struct.pack('>IIBBBBB',3,len(rows),8,colour,0,0,0))
      +chunk(b'IDAT',zlib.compress(b''.join(bytes(r) for r in rows)))+chunk(b'IEND',b''))
rows=[[f]+[(7*i+31*f)%256 for i in range(12)] for f in (1,2,3,4,0)]
grey=[[0,1,2,3]]
print(json.dumps([png(6,4,rows).hex(), png(0,1,grey).hex()]))`;
    const [alpha, grey] = python(code, null) as [string, string];
    expect([...decodePng(Buffer.from(grey, 'hex')).rgb]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
    // First row, filter Sub: each byte is the sum of those of its channel so far, modulo 256.
    const { width, height, rgb } = decodePng(Buffer.from(alpha, 'hex'));
    expect([width, height]).toEqual([3, 5]);
    expect([...rgb.subarray(0, 6)]).toEqual([31, 38, 45, 31 + 59, 38 + 66, 45 + 73]);
    // Second row, filter Up: 62, 69, 76 above 31, 38, 45.
    expect([...rgb.subarray(9, 12)]).toEqual([93, 107, 121]);
  });

  it('are refused with what they are', () => {
    expect(() => decodePng(Buffer.from('GIF89a'))).toThrow('not a PNG file');
    const sixteen = encodePng({ width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3) });
    sixteen[24] = 16;
    expect(() => decodePng(sixteen)).toThrow('a PNG of 1×1, depth 16');
  });
});

describe('event files', () => {
  it('hold records whose checksums agree', () => {
    const directory = mkdtempSync(join(tmpdir(), 'spoor-demo-events-'));
    try {
      const events = new EventFile(join(directory, 'deep', 'network_train'));
      events.scalar('loss/current', 0.25, 300);
      events.scalar('loss/current', Number.NaN, 301);
      events.close();
      expect(events.path).toMatch(/network_train\/events\.out\.tfevents\.\d{10}\..+\.\d+\.0$/);
      const payloads = recordsOf(readFileSync(events.path));
      expect(payloads).toHaveLength(3);
      expect(payloads[0]?.includes('brain.Event:2')).toBe(true);
      const scalar = payloads[1] as Buffer;
      expect(scalar.readDoubleLE(1)).toBeCloseTo(Date.now() / 1000, -2);
      expect(scalar.subarray(9, 12)).toEqual(Buffer.from([0x10, 0xac, 0x02]));
      expect(scalar.includes('loss/current')).toBe(true);
      expect(scalar.readFloatLE(scalar.length - 4)).toBe(0.25);
      expect(payloads[2]?.readFloatLE((payloads[2]?.length ?? 0) - 4)).toBeNaN();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('use CRC-32C, masked', () => {
    const unmask = (masked: number) => {
      const rotated = (masked - 0xa282ead8) >>> 0;
      return ((rotated >>> 17) | (rotated << 15)) >>> 0;
    };
    // RFC 3720, B.4: 32 bytes of zeros, and of ones.
    expect(unmask(maskedCrc32c(Buffer.alloc(32)))).toBe(0x8a9136aa);
    expect(unmask(maskedCrc32c(Buffer.alloc(32, 0xff)))).toBe(0x62a8ab43);
  });
});

describe('random numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    const take = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.uniform()
        )(new Random(seed)),
      );
    expect(take(42)).toEqual(take(42));
    expect(take(42)).not.toEqual(take(43));
    expect(take(2 ** 32 + 42)).not.toEqual(take(42));
  });

  it('are spread as they say', () => {
    const random = new Random(1);
    const numbers = random.normals(20_000, 2);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const deviation = Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length);
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.1);
    expect(random.shuffled([1, 2, 3, 4, 5]).toSorted()).toEqual([1, 2, 3, 4, 5]);
  });
});
