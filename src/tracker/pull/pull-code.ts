import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RemoteHome } from '../../remote/remote-home.ts';
import { makeOwnRepository } from '../../store/code/layout.ts';
import { codeFile, receiveCode } from '../../store/code/receive.ts';
import { temporaryName } from '../../store/temporary.ts';
import { codeOf } from '../ports.ts';
import type { Recording } from '../request.ts';

/** Brings what a code repository over there has and ours has not. @returns what was damaged, left out */
export async function pullCode(remote: RemoteHome, { home, env }: Recording, code: string): Promise<string[]> {
  const repositories = codeOf(home, env);
  const own = repositories.named(code);
  const root = `code/${code}.git/`;
  const names = [...(await remote.list([root.slice(0, -1)])).keys()]
    .filter((name) => name.startsWith(root))
    .map((name) => name.slice(root.length))
    .filter((name) => codeFile.test(name) && (name === 'shallow' || !existsSync(join(own.gitDirectory, name))));
  if (names.length === 0) return [];
  if (!existsSync(join(own.gitDirectory, 'config'))) await makeOwnRepository(own.gitDirectory, own.format);
  // Beside the repository, so that files can be renamed into it.
  const quarantine = join(home.cacheDirectory, temporaryName());
  try {
    await mkdir(quarantine, { recursive: true, mode: 0o700 });
    await remote.whole(
      names.map((name) => root + name),
      async ({ name, content }) => {
        const path = join(quarantine, name.slice(root.length));
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await pipeline(content, createWriteStream(path, { mode: 0o400, flags: 'wx' }));
      },
    );
    const { damaged } = await receiveCode(repositories.git, own, quarantine);
    return damaged.map((name) => root + name);
  } finally {
    await rm(quarantine, { recursive: true, force: true });
  }
}
