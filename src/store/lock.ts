/**
 * A lock is a file that holds the identity of its owner. It is made by `link`, so that it is never
 * seen half-written, and never waited for.
 *
 * Taking over from a dead owner must not let two in: the successor is linked under a name made of the
 * dead owner's token (`recorder.lock.<token>`), which only one can do. So locks form a chain whose
 * last link is the owner; releasing removes the first link first.
 */
import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../model/errors.ts';
import type { ProcessIdentity } from '../model/facts.ts';
import { cannotWrite } from './cannot-write.ts';
import { temporaryName } from './temporary.ts';

export interface Lock {
  release(): Promise<void>;
}

/** Whether a process lives, as far as this one can tell. */
export type Liveness = 'alive' | 'dead' | 'unknown';

interface Owner {
  token: string;
  /** Null where the content is missing: not yet written, or lost with the machine's power. */
  process: ProcessIdentity | null;
  /** Milliseconds since the file was changed. */
  age: number;
}

/** More dead owners than this in a row are not followed. */
const longestChain = 100;
/** Milliseconds in which every owner has written its identity, even without hard links. */
const unwrittenAge = 60_000;

/**
 * Takes the lock, or returns null because another process has it. The lock of a process of this host
 * is taken over when `liveness` says `dead`; that of another host never. Errors: `cannot-write`.
 */
export async function tryLock(
  path: string,
  self: ProcessIdentity,
  liveness: (owner: ProcessIdentity) => Liveness | Promise<Liveness>,
): Promise<Lock | null> {
  const token = randomBytes(8).toString('hex');
  const draft = join(dirname(path), temporaryName());
  try {
    await create(draft, `${JSON.stringify({ token, ...self })}\n`);
    return await joinChain(path, draft, token, self, liveness);
  } catch (error) {
    throw cannotWrite(path, error);
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/** Who holds the lock: the last of its chain, dead or alive. Null where nobody does. */
export async function lockOwner(path: string): Promise<ProcessIdentity | null> {
  const chain = await readChain(path);
  return chain.at(-1)?.owner.process ?? null;
}

interface Link {
  path: string;
  owner: Owner;
}

async function joinChain(
  path: string,
  draft: string,
  token: string,
  self: ProcessIdentity,
  liveness: (owner: ProcessIdentity) => Liveness | Promise<Liveness>,
): Promise<Lock | null> {
  const chain = await readChain(path);
  for (const { owner } of chain) if (!(await isDead(owner, self, liveness))) return null;
  if (chain.length >= longestChain) return null;
  const last = chain.at(-1);
  const own = last ? `${path}.${last.owner.token}` : path;
  if (!(await linkExclusively(draft, own))) return null;
  // The chain that was joined may have been released meanwhile, and the lock taken anew from its start.
  const joined = await readChain(path);
  const stillJoined = joined.length === chain.length + 1 && joined.at(-1)?.owner.token === token;
  if (!stillJoined) {
    await unlink(own);
    return null;
  }
  return { release: () => release([...chain.map((each) => each.path), own]) };
}

async function readChain(path: string): Promise<Link[]> {
  const chain: Link[] = [];
  for (let at = path; chain.length < longestChain; ) {
    const owner = await readOwner(at);
    if (!owner) break;
    chain.push({ path: at, owner });
    at = `${path}.${owner.token}`;
  }
  return chain;
}

async function isDead(
  { process: owner, age }: Owner,
  self: ProcessIdentity,
  liveness: (owner: ProcessIdentity) => Liveness | Promise<Liveness>,
): Promise<boolean> {
  // Only a crash of the whole machine leaves a lock without its content for long: its owner did not outlive that.
  if (!owner) return age > unwrittenAge;
  return owner.host === self.host && (await liveness(owner)) === 'dead';
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    const { token, ...owner } = parse(await readFile(path, 'utf8'));
    if (typeof token === 'string' && /^[0-9a-f]{16}$/.test(token) && typeof owner.pid === 'number') {
      return { token, process: owner as unknown as ProcessIdentity, age: 0 };
    }
    const { ino, ctimeMs } = await stat(path);
    return { token: `${ino}-${ctimeMs}`, process: null, age: Date.now() - ctimeMs };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

async function linkExclusively(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errorCode(error) ?? '')) throw error;
  }
  // A file system without hard links (exFAT).
  return create(path, await readFile(draft, 'utf8')).then(
    () => true,
    (error) => {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    },
  );
}

async function create(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

async function release(chain: readonly string[]): Promise<void> {
  for (const path of chain) {
    await unlink(path).catch((error) => {
      if (errorCode(error) !== 'ENOENT') throw cannotWrite(path, error);
    });
  }
}
