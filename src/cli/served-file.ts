/** Which server of a home runs on this machine, and how to ask it: a file of the home that only its user can read. */
import { hash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeClient } from '../api/client.ts';
import { processIdentity } from '../launch/identity.ts';
import { processIdentity as identitySchema } from '../model/facts.ts';
import type { Served } from '../server/server.ts';
import { writeDurably } from '../store/durable.ts';
import type { Home } from '../store/home.ts';
import { livenessOf } from '../tracker/liveness.ts';

const servedFile = z.object({
  v: z.literal(1),
  server: identitySchema,
  origin: z.string().regex(/^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost):\d{1,5}$/),
  token: z.string().min(1).max(200),
});

/** Machines that share a home have a file each. */
function pathOf({ directory }: Home, host: string): string {
  return join(directory, 'ui', `served-${hash('sha256', host, 'hex').slice(0, 8)}.json`);
}

/** @returns what forgets it again, unless another server has taken its place */
export async function rememberServed(home: Home, host: string, served: Served): Promise<() => Promise<void>> {
  const server = processIdentity(process.pid);
  const { origin, token } = served;
  const told = servedFile.safeParse({ v: 1, server, origin, token });
  // One that others may reach is opened by the address that it printed.
  if (!told.success) return async () => {};
  const path = pathOf(home, host);
  // A home that cannot be written can still be looked at.
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
    .then(() => writeDurably(path, Buffer.from(`${JSON.stringify(told.data)}\n`), { mode: 0o600 }))
    .catch(() => {});
  return async () => {
    const now = await readServed(path);
    if (now?.token === token) await rm(path, { force: true }).catch(() => {});
  };
}

/** An address that opens the page of the server that runs already; null where none does. */
export async function linkOfServed(home: Home, host: string): Promise<string | null> {
  const found = await readServed(pathOf(home, host));
  // The token is told to nobody but the process that made it.
  if (!found || livenessOf(found.server) !== 'alive') return null;
  const ask = makeClient({ origin: found.origin, token: found.token });
  const link = await ask('makeLink', {}, AbortSignal.timeout(2000)).catch(() => null);
  return link?.url ?? null;
}

async function readServed(path: string): Promise<z.infer<typeof servedFile> | null> {
  try {
    const parsed = servedFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
