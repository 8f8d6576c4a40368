import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';

let world: World;
let run: Run;

beforeAll(async () => {
  world = makeWorld();
  ({ run } = await recorded(world, training(world)));
});
afterAll(() => world.remove());

const at = (name: string) => join(world.root, 'found', name);
const answer = async (...args: string[]) =>
  JSON.parse(String((await spoor(world, ['whence', '--json', ...args])).stdout));
const first = async (...args: string[]) => (await answer(...args)).files[0];

/** The checkpoint of step 3 with another header. */
function withHeader(name: string, metadata: Record<string, string> | null, change = (data: Buffer) => data): string {
  const bytes = readFileSync(join(world.output, 'wolf-step00000003.safetensors'));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  delete header.__metadata__;
  const json = Buffer.from(JSON.stringify(metadata ? { __metadata__: metadata, ...header } : header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  return world.write(at(name), Buffer.concat([prefix, json, change(Buffer.from(bytes.subarray(8 + length)))]));
}

/** A render with one text. */
function render(name: string, keyword: string, text: string): string {
  const plain = png(name);
  const body = Buffer.from(`${keyword}\0${text}`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write('tEXt', 4);
  return world.write(at(name), Buffer.concat([plain.subarray(0, 33), head, body, Buffer.alloc(4), plain.subarray(33)]));
}

describe('spoor whence', () => {
  it('knows a checkpoint by its tensors, though it was renamed', async () => {
    mkdirSync(at(''), { recursive: true });
    copyFileSync(join(world.output, 'wolf-step00000003.safetensors'), at('best one.safetensors'));
    expect(await first(at('best one.safetensors'))).toMatchObject({
      run: { id: run.id },
      step: 3,
      ground: 'tensor-hash',
      sure: 'certain',
    });
  });

  it.each([
    ['stripped metadata', null],
    ['edited metadata', { ss_output_name: 'stolen', ss_session_id: '1' }],
  ])('knows it with %s', async (_what, metadata) => {
    expect(await first(withHeader('re-headered.safetensors', metadata))).toMatchObject({
      run: { id: run.id },
      step: 3,
      sure: 'certain',
    });
  });

  it('goes by the session where the tensors were changed, and says that it is less sure', async () => {
    const session = { ss_session_id: '4711', ss_training_started_at: String(Date.parse(run.startedAt) / 1000) };
    const file = withHeader('resized.safetensors', { ...session, ss_steps: '3' }, (data) => data.fill(99));
    expect(await first(file)).toMatchObject({ run: { id: run.id }, step: 3, ground: 'session', sure: 'likely' });
  });

  it('takes no session that began at another time', async () => {
    const other = { ss_session_id: '4711', ss_training_started_at: '1500000000.5', ss_unet_lr: '0.0001' };
    const file = withHeader('another.safetensors', other, (data) => data.fill(98));
    const found = await first(file);
    expect(found).toMatchObject({ run: null, sure: null });
    expect(found.told.settings).toContainEqual({ key: 'unet_lr', value: 0.0001 });
  });

  it('goes by the name alone only as a guess', async () => {
    const file = withHeader('wolf-step00000003.safetensors', null, (data) => data.fill(97));
    expect(await first(file)).toMatchObject({ run: { id: run.id }, ground: 'name', sure: 'guess' });
  });

  it('knows a sample by its bytes', async () => {
    const sample = run.artifacts.find(({ kind }) => kind === 'sample');
    copyFileSync(String(sample?.path), at('nice.png'));
    expect(await first(at('nice.png'))).toMatchObject({ run: { id: run.id }, step: 3, ground: 'file-hash' });
  });

  it('leads renders of A1111 and ComfyUI to run and step, and counts what is used', async () => {
    const three = run.artifacts.find(({ kind, step }) => kind === 'checkpoint' && step === 3);
    const hash = String(three?.tensorSha256).slice(0, 12);
    render('renders/1.png', 'parameters', `<lora:renamed:0.8>\nSteps: 20, Lora hashes: "renamed: ${hash}"`);
    render('renders/2.png', 'parameters', `<lora:renamed:1>\nSteps: 20, Lora hashes: "renamed: ${hash}"`);
    const node = { class_type: 'LoraLoader', inputs: { lora_name: 'wolf.safetensors', strength_model: 1 } };
    render('renders/3.png', 'prompt', JSON.stringify({ 1: node }));
    const { files, used } = await answer(at('renders'));
    expect(files.map((file: { loras: { ground: string }[] }) => file.loras[0]?.ground)).toEqual([
      'hash-prefix',
      'hash-prefix',
      'name',
    ]);
    expect(used).toMatchObject([
      { name: 'renamed', run: { id: run.id }, step: 3, renders: 2 },
      { name: 'wolf', run: { id: run.id }, renders: 1 },
    ]);
    const { stdout } = await spoor(world, ['whence', at('renders')]);
    expect(String(stdout)).toContain('RENDERS');
  });

  it('answers the same from the folders when the catalog is gone, and after it is rebuilt', async () => {
    const before = await first(at('best one.safetensors'));
    await spoor(world, ['reindex']);
    expect(await first(at('best one.safetensors'))).toEqual(before);
  });

  it('tells of a file in a directory that cannot be read, and goes on', async () => {
    world.write(at('mixed/torn.safetensors'), Buffer.alloc(4));
    copyFileSync(at('best one.safetensors'), at('mixed/whole.safetensors'));
    const { files } = await answer(at('mixed'));
    expect(files[0].error).toContain('not whole');
    expect(files[1].sure).toBe('certain');
  });

  it('refuses what is not there', async () => {
    expect((await spoor(world, ['whence', at('nothing.safetensors')])).exitCode).toBe(66);
  });
});

describe('spoor inspect', () => {
  const json = async (...args: string[]) =>
    JSON.parse(String((await spoor(world, ['inspect', '--json', ...args])).stdout))[0];

  it('reads of 7 GB the header alone', async () => {
    const header = Buffer.from(
      JSON.stringify({
        'lora_unet_a.lora_down.weight': { dtype: 'F16', shape: [16, 218_750_000], data_offsets: [0, 7e9] },
      }),
    );
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(header.length));
    const path = at('huge.safetensors');
    writeFileSync(path, Buffer.concat([prefix, header]));
    truncateSync(path, 8 + header.length + 7e9);
    expect(statSync(path).blocks * 512).toBeLessThan(1e6);
    const trace = at('trace.txt');
    const bin = new URL('../../bin/spoor.js', import.meta.url).pathname;
    const strace = ['-f', '-yy', '-qq', '-e', 'trace=read,pread64,readv,preadv', '-o', trace];
    execFileSync('strace', [...strace, process.execPath, bin, 'inspect', path], { env: world.env, stdio: 'ignore' });
    const reads = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes('huge.safetensors'));
    const total = reads.reduce((sum, line) => sum + Number(/= (\d+)$/.exec(line)?.[1] ?? 0), 0);
    expect(reads.length).toBeGreaterThan(0);
    expect(total).toBeLessThan(4096);
  });

  it('gives every hash that OpenSSL gives', async () => {
    const path = join(world.output, 'wolf.safetensors');
    const sha256 = execFileSync('openssl', ['dgst', '-sha256', '-r', path], { encoding: 'utf8' }).slice(0, 64);
    const { hashes } = await json('--hashes', path);
    expect(hashes.sha256).toBe(sha256);
    expect(hashes.autoV2).toBe(sha256.slice(0, 10));
    expect(hashes.tensorSha256).toBe(run.artifacts.find(({ final }) => final)?.tensorSha256);
    expect(hashes.autoV3).toBe(hashes.tensorSha256.slice(0, 12));
  });

  it('says of a hash that LyCORIS wrote that the bytes cannot confirm it, of another that it is wrong', async () => {
    const claim = { sshs_model_hash: `0x${'ab'.repeat(32)}` };
    const lycoris = withHeader('lycoris.safetensors', { ss_network_module: 'lycoris.kohya', ...claim });
    expect((await json('--hashes', lycoris)).claims.modelHash).toBe('unverifiable');
    const edited = withHeader('edited.safetensors', { sshs_model_hash: 'ab'.repeat(32) });
    expect((await json('--hashes', edited)).claims.modelHash).toBe('contradicted');
    expect((await json(edited)).claims.modelHash).toBe('not-checked');
  });

  it('never unpickles', async () => {
    const harm = at('harm');
    world.write(at('evil.ckpt'), `cos\nsystem\n(S'touch ${harm}'\ntR.`);
    const { stdout, exitCode } = await spoor(world, ['inspect', at('evil.ckpt')]);
    expect(exitCode).toBe(0);
    expect(String(stdout)).toContain('never opened as such');
    expect(existsSync(harm)).toBe(false);
  });

  it('refuses a header of 100 MB that lies past the file, with the status of malformed data', async () => {
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(100_000_000n);
    world.write(at('long.safetensors'), Buffer.concat([prefix, Buffer.from('{}')]));
    const { stderr, exitCode } = await spoor(world, ['inspect', '--json', at('long.safetensors')]);
    expect(exitCode).toBe(65);
    expect(JSON.parse(String(stderr)).error.code).toBe('safetensors-malformed');
  });
});
