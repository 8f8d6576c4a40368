/** The files that a configuration names, with the real hash cache. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashFileLater } from '../../src/capture/files/hash-later.ts';
import { HeldFiles } from '../../src/capture/files/held-files.ts';
import { captureNamedFiles } from '../../src/capture/files/named-files.ts';
import type { FileRole, FileState } from '../../src/model/facts.ts';
import { hashCaches } from '../../src/store/hash-cache.ts';
import { permissionsBind } from '../support/rights.ts';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const sha1 = (content: string | Uint8Array) => createHash('sha1').update(content).digest('hex');

let world: string;
beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), 'spoor-files-'));
  mkdirSync(join(world, 'cache'));
});
afterEach(() => rmSync(world, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(world, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function settle(): Promise<void> {
  const { mtimeMs } = lstatSync(write('probe', ''));
  while (Date.now() < mtimeMs + 25) await new Promise((next) => setImmediate(next));
}

async function capture(role: FileRole, path: string, { remote = false, meanwhile = () => {}, isHeld = false } = {}) {
  const caches = hashCaches(join(world, 'cache'));
  const named = { role, key: `the ${role}`, path, remote };
  const captured = await captureNamedFiles({ files: [named], caches });
  const held = new HeldFiles(captured.held);
  meanwhile();
  let [file] = captured.files as [FileState];
  const warnings = [...captured.warnings];
  for (const work of captured.later) {
    if (work.kind !== 'hash-file') throw new Error(work.kind);
    const hashed = await hashFileLater({
      work: JSON.parse(JSON.stringify(work)),
      caches,
      ...(isHeld && { held }),
    });
    file = hashed.file;
    warnings.push(...hashed.warnings);
  }
  return { file, warnings, blobs: captured.blobs, early: captured.files[0]!, later: captured.later.length };
}

function safetensors(data: Uint8Array): Buffer {
  const header = JSON.stringify({
    __metadata__: { ss_seed: '1' },
    w: { dtype: 'U8', shape: [data.byteLength], data_offsets: [0, data.byteLength] },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), data]);
}

describe('a small file', () => {
  it('is kept with SHA-1, SHA-256 and size', async () => {
    const path = write('prompts.txt', 'a wolf --d 1\n');
    const { file, blobs, warnings } = await capture('prompts', path);
    expect(warnings).toEqual([]);
    expect(file).toEqual({
      role: 'prompts',
      path,
      key: 'the prompts',
      kind: 'file',
      sha1: sha1('a wolf --d 1\n'),
      sha256: sha256('a wolf --d 1\n'),
      bytes: 13,
      object: sha256('a wolf --d 1\n'),
    });
    expect(blobs.map((each) => Buffer.from(each).toString())).toEqual(['a wolf --d 1\n']);
  });

  it.each([
    ['config.toml', 'keep_tokens = 1\nwandb_api_key = "0123456789abcdef0123456789abcdef01234567"\n', 'wandb_api_key'],
    ['config.yaml', 'keep_tokens: 1\nhf_token: sesame-opens-it\n', 'hf_token'],
    ['config.json', '{"keep_tokens": 1,\n "huggingface_token": "sesame-opens-it"}\n', 'huggingface_token'],
    ['train.sh', 'keep_tokens=1\nexport HF_TOKEN=sesame-opens-it\n', 'HF_TOKEN'],
  ])('is kept without its secrets, beside the hash of the original: %s', async (name, content, key) => {
    const path = write(name, content);
    const { file, blobs } = await capture(name.endsWith('.sh') ? 'script' : 'config', path);
    const kept = Buffer.from(blobs[0]!).toString();
    expect(file).toMatchObject({ sha256: sha256(content), sha1: sha1(content), redactedKeys: [key] });
    expect(file.object).toBe(sha256(kept));
    expect(kept).not.toMatch(/sesame|0123456789abcdef01234567/);
    expect(kept).toContain('[redacted sha256:');
    expect(kept.split('\n').length).toBe(content.split('\n').length);
    expect(kept.split('\n')[0]).toBe(content.split('\n')[0]);
  });

  it('is kept by hash only if it is a secret as a whole', async () => {
    const { file, blobs } = await capture('other', write('secrets.json', '{"a": "b"}'));
    expect(blobs).toEqual([]);
    expect(file).toMatchObject({ sha256: sha256('{"a": "b"}'), object: null });
  });

  it('is kept byte for byte where it is no UTF-8', async () => {
    const content = Buffer.from([0x61, 0xff, 0x0d, 0x0a, 0x00, 0xc3]);
    const { blobs } = await capture('prompts', write('prompts.txt', content));
    expect(Buffer.from(blobs[0]!)).toEqual(content);
  });

  it('is a program unchanged where the name of a variable looks like a key', async () => {
    const program = 'hf_token = arguments.hf_token\n';
    const { file } = await capture('trainer', write('train.py', program));
    expect(file.object).toBe(sha256(program));
  });

  it('is hashed later and not kept if it is large after all', async () => {
    const content = Buffer.alloc(5 << 20, '{}');
    const { file, blobs, later } = await capture('dataset-metadata', write('meta.json', content));
    expect({ blobs: blobs.length, later }).toEqual({ blobs: 0, later: 1 });
    expect(file).toMatchObject({ sha256: sha256(content), sha1: sha1(content), object: null });
  });
});

describe('a model', () => {
  it('is identified by size at once and by its hashes later, and is not read in the next run', async () => {
    const data = Buffer.alloc(0x120000, 'weights');
    const content = safetensors(data);
    const path = write('base.safetensors', content);
    await settle();
    const first = await capture('base-model', path);
    expect(first.early).toMatchObject({ kind: 'file', bytes: content.byteLength, sha256: null });
    expect(first.file).toMatchObject({
      sha256: sha256(content),
      sha1: sha1(content),
      object: null,
      model: {
        tensorSha256: sha256(data),
        legacyHash: sha256(content.subarray(0x100000, 0x110000)).slice(0, 8),
        hub: null,
      },
    });
    const second = await capture('base-model', path);
    expect(second.later).toBe(0);
    expect(second.file).toEqual(first.file);
  });

  it('is hashed again when it was rewritten with the same size and mtime', async () => {
    const path = write('vae.pt', 'old weights');
    await settle();
    await capture('vae', path);
    const { atime, mtime } = lstatSync(path);
    writeFileSync(path, 'new weights');
    utimesSync(path, atime, mtime);
    const { file, later } = await capture('vae', path);
    expect(later).toBe(1);
    expect(file).toMatchObject({ sha256: sha256('new weights'), model: { tensorSha256: null } });
  });

  it.each<[string, (path: string) => void]>([
    ['was written', (path) => writeFileSync(path, 'other')],
    ['vanished', (path) => rmSync(path)],
    [
      'became a FIFO',
      (path) => {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      },
    ],
  ])('gets no hash and a warning if it %s after the start', async (_, change) => {
    const path = write('lora.safetensors', 'weights');
    const { file, warnings } = await capture('network-weights', path, { meanwhile: () => change(path) });
    expect(file.sha256).toBeNull();
    expect(warnings).toMatchObject([{ code: 'file-changed', message: expect.stringContaining(path) }]);
  });

  it.each<[string, (path: string) => void]>([
    ['is removed', (path) => rmSync(path)],
    ['is moved away', (path) => renameSync(path, `${path}.old`)],
    ['gives its name to another', (path) => renameSync(write('next', 'other'), path)],
  ])('that was opened before the start has the hash of that version though it %s', async (_, change) => {
    const path = write('lora.safetensors', 'weights');
    await settle();
    const { file, warnings } = await capture('network-weights', path, { meanwhile: () => change(path), isHeld: true });
    expect(warnings).toEqual([]);
    expect(file.sha256).toBe(sha256('weights'));
    write('lora.safetensors', 'weights');
    expect((await capture('network-weights', path)).later).toBe(1);
  });

  it('that was opened before the start has no hash if it was rewritten in place', async () => {
    const path = write('lora.safetensors', 'weights');
    await settle();
    const { mtime } = lstatSync(path);
    const meanwhile = () => {
      writeFileSync(path, 'WEIGHTS');
      utimesSync(path, mtime, mtime);
    };
    const { file, warnings } = await capture('network-weights', path, { meanwhile, isHeld: true });
    expect(file.sha256).toBeNull();
    expect(warnings).toMatchObject([{ code: 'file-changed' }]);
  });

  it('of the hub’s cache is already named by its hash', async () => {
    const content = 'hub weights';
    const hub = 'hub/models--acme--wolf-xl';
    write(`${hub}/blobs/${sha256(content)}`, content);
    const path = join(world, hub, 'snapshots/abc123/vae/model.safetensors');
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(`../../../blobs/${sha256(content)}`, path);
    const { file, later } = await capture('vae', path);
    expect(later).toBe(0);
    expect(file).toMatchObject({
      sha256: sha256(content),
      bytes: content.length,
      model: { hub: 'acme/wolf-xl@abc123/vae/model.safetensors' },
    });
    const snapshot = await capture('base-model', join(world, hub, 'snapshots/abc123'));
    expect(snapshot.later).toBe(0);
    expect(snapshot.file).toMatchObject({ kind: 'directory', model: { hub: 'acme/wolf-xl@abc123' } });
    expect(snapshot.file.sha256).toBe(sha256(`${sha256(content)} ${content.length} "vae/model.safetensors"\n`));
  });

  it('may be a directory: every file counts, wherever it lies', async () => {
    write('sd/model_index.json', '{}');
    const weights = write('sd/unet/weights.bin', 'unet');
    symlinkSync('..', join(world, 'sd/loop'));
    execFileSync('mkfifo', [join(world, 'sd/pipe')]);
    await settle();
    const first = await capture('base-model', join(world, 'sd'));
    expect(first.file).toMatchObject({ kind: 'directory', bytes: 6 });
    expect(first.file.sha256).toBe(
      sha256(`${sha256('{}')} 2 "model_index.json"\n${sha256('unet')} 4 "unet/weights.bin"\n`),
    );
    expect((await capture('base-model', join(world, 'sd'))).later).toBe(0);
    writeFileSync(weights, 'UNET');
    expect((await capture('base-model', join(world, 'sd'))).file.sha256).not.toBe(first.file.sha256);
    writeFileSync(weights, 'Unet');
    const changed = await capture('base-model', join(world, 'sd'), {
      meanwhile: () => writeFileSync(weights, 'unetunet'),
    });
    expect(changed.warnings).toMatchObject([{ code: 'file-changed' }]);
  });

  it('may be a name on a hub, which is no path', async () => {
    const { file, warnings } = await capture('base-model', 'acme/wolf-xl', { remote: true });
    expect(file).toMatchObject({ kind: 'remote', path: 'acme/wolf-xl', sha256: null });
    expect(warnings).toEqual([]);
  });
});

describe('what cannot be captured', () => {
  it('is named with the nearest name that exists', async () => {
    write('sample-prompts.txt', 'a cat');
    const path = join(world, 'sample_promts.txt');
    const { file, warnings } = await capture('prompts', path);
    expect(file.kind).toBe('missing');
    expect(warnings).toEqual([
      {
        code: 'file-missing',
        message: `${path}, which the prompts names, does not exist`,
        hint: 'Did you mean "sample-prompts.txt" beside it?',
      },
    ]);
    expect((await capture('vae', join(world, 'none/vae.pt'))).warnings[0]!.hint).toBe(
      `There is no directory ${world}/none either.`,
    );
  });

  it.each<[FileRole, string]>([
    ['prompts', '/dev/zero'],
    ['base-model', '/dev/zero'],
  ])('is a device, as %s', async (role, path) => {
    expect((await capture(role, path)).warnings).toMatchObject([{ code: 'file-unreadable' }]);
  });

  it('is a FIFO, which holds nobody up', async () => {
    const path = join(world, 'pipe.toml');
    execFileSync('mkfifo', [path]);
    expect((await capture('config', path)).file.kind).toBe('unreadable');
    expect((await capture('vae', path)).file.kind).toBe('unreadable');
  });

  it('is a link that leads to itself', async () => {
    const path = join(world, 'loop.toml');
    symlinkSync('loop.toml', path);
    expect((await capture('config', path)).file.kind).toBe('unreadable');
  });

  it.skipIf(!permissionsBind)('is what the user may not read', async () => {
    const path = write('config.toml', 'a = 1');
    chmodSync(path, 0);
    expect((await capture('config', path)).warnings).toMatchObject([{ code: 'file-unreadable' }]);
  });
});
