/** Brings the run of a pack (`spoor pack`) home. Whatever it holds is checked against its name before it is kept. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { errorText, SpoorError } from '../../model/errors.ts';
import { isRunId, type RunId } from '../../model/run-id.ts';
import { isCodeName, makeOwnRepository } from '../../store/code/layout.ts';
import { readRef, writeRef } from '../../store/code/refs.ts';
import { codeOf } from '../ports.ts';
import { isBehind, runFile, touchFolder } from '../pull/pull-files.ts';
import type { Recording } from '../request.ts';
import type { Kept } from './keep-training.ts';

const mostEntries = 2_000_000;

/** @returns null for a tar that is no pack. Errors: `pack-damaged` */
export async function importPack(recording: Recording, path: string, dryRun: boolean): Promise<Kept | null> {
  const { home } = recording;
  const id = await packedRun(path);
  if (id === null) return null;
  await mkdir(home.cacheDirectory, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(home.cacheDirectory, 'import-'));
  try {
    const files = await unpack(path, id, scratch);
    const folder = home.runs.path(id);
    const wanted: string[] = [];
    for (const name of files.filter((each) => each.startsWith('run/'))) {
      const { size } = await stat(join(scratch, name));
      if (isBehind(join(folder, name.slice('run/'.length)), size)) wanted.push(name);
    }
    const known = existsSync(folder);
    const outcome = !known ? 'added' : wanted.length > 0 ? 'updated' : 'unchanged';
    if (dryRun || wanted.length === 0) return { outcome, id };
    for (const name of files.filter((each) => each.startsWith('objects/'))) {
      await home.objects.putFile(join(scratch, name), name.slice(-64)).catch((error) => {
        throw damaged(path, errorText(error));
      });
    }
    for (const name of files.filter((each) => each.endsWith('.bundle')))
      await takeBundle(recording, join(scratch, name));
    const factsLast = (name: string) => Number(name.endsWith('.jsonl'));
    for (const name of wanted.sort((a, b) => factsLast(a) - factsLast(b))) {
      const to = join(folder, name.slice('run/'.length));
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await rename(join(scratch, name), to);
    }
    await touchFolder(folder);
    return { outcome, id };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The run that a pack's first entry, its manifest, names. */
async function packedRun(path: string): Promise<RunId | null> {
  const tar = createReadStream(path, { end: 1023 });
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const name = /^([0-9A-Z]{26})\/manifest\.json\0/.exec(Buffer.concat(chunks).toString('latin1'))?.[1];
  return name !== undefined && isRunId(name) ? name : null;
}

const packed = /^(?:run\/(.+)|objects\/([0-9a-f]{2})\/(\2[0-9a-f]{62})|code\/([^/]+)\.bundle)$/;

/** Entries with a name that a pack has, into `scratch`; whatever else stands in it is passed over. */
async function unpack(path: string, id: RunId, scratch: string): Promise<string[]> {
  const names: string[] = [];
  const reader = extract();
  const done = pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), reader).catch((error) => {
    reader.destroy(error as Error);
  });
  let entries = 0;
  try {
    for await (const entry of reader) {
      if (++entries > mostEntries) throw damaged(path, `it has more than ${mostEntries} entries`);
      const name = entry.header.name.startsWith(`${id}/`) ? entry.header.name.slice(id.length + 1) : '';
      if (entry.header.type !== 'file' || !isPacked(name)) {
        entry.resume();
        continue;
      }
      const to = join(scratch, name);
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      const digest = name.startsWith('objects/');
      await pipeline(entry, createWriteStream(to, { flags: 'wx', mode: digest ? 0o400 : 0o600 }));
      names.push(name);
    }
    await done;
  } catch (error) {
    throw error instanceof SpoorError ? error : damaged(path, errorText(error));
  }
  return names;
}

function isPacked(name: string): boolean {
  const [, own, , , code] = packed.exec(name) ?? [];
  if (own !== undefined) return runFile.test(own);
  return code !== undefined ? isCodeName(code) : packed.test(name);
}

async function takeBundle({ home, env }: Recording, bundle: string): Promise<void> {
  const code = codeOf(home, env);
  const own = code.named(
    bundle
      .split('/')
      .at(-1)!
      .replace(/\.bundle$/, ''),
  );
  if (!existsSync(join(own.gitDirectory, 'config'))) await makeOwnRepository(own.gitDirectory, own.format);
  const { gitDirectory } = own;
  const unbundled = await code.git(['-c', 'transfer.fsckObjects=true', 'bundle', 'unbundle', bundle], {
    gitDirectory,
    milliseconds: 600_000,
  });
  if (unbundled.status !== 0) throw damaged(bundle, unbundled.stderr.toString().trim());
  for (const line of unbundled.stdout.toString().split('\n')) {
    const [object = '', ref = ''] = line.split(' ');
    if (spoorRef.test(ref) && (await readRef(gitDirectory, ref)) === null) await writeRef(gitDirectory, ref, object);
  }
}

const spoorRef = /^refs\/spoor\/(?:runs\/[0-9A-HJKMNP-TV-Z]{26}|history\/[0-9a-f]{40,64})$/;

function damaged(path: string, why: string): SpoorError {
  const hint = 'Pack the run again where it was recorded: spoor pack RUN';
  return new SpoorError('data', 'pack-damaged', `${path} is no whole pack: ${why}`, hint);
}
