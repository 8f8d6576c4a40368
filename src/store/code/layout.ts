import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ObjectFormat } from '../../model/code-port.ts';
import { errorCode } from '../../model/errors.ts';
import { cannotWrite } from '../cannot-write.ts';
import { syncDirectory } from '../durable.ts';
import { temporaryName } from '../temporary.ts';

/**
 * Name of the repository for a work tree: `<slug of its base name>-<12 hex digits of the SHA-256 of its path>`.
 * @param topDirectory real path
 */
export function codeName(topDirectory: string, format: ObjectFormat): string {
  const slug = basename(topDirectory)
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[-.]+|[-.]+$|\.(?=\.)/g, '')
    .slice(0, 40);
  const digits = createHash('sha256').update(topDirectory).digest('hex').slice(0, 12);
  return `${slug || 'code'}-${digits}${format === 'sha1' ? '' : `-${format}`}`;
}

export function isCodeName(text: string): boolean {
  return /^[a-z0-9_][a-z0-9._-]{0,79}$/.test(text) && !text.includes('..');
}

/** No conversion, whatever the work tree's `.gitattributes` say: this file has the last word. */
const attributes = '* -text -filter -ident !working-tree-encoding\n';

/** Bytes are kept as they are, nothing is removed, nothing runs, nothing is fetched. */
function configuration(format: ObjectFormat): string {
  return `[core]
	repositoryFormatVersion = ${format === 'sha1' ? 0 : 1}
	bare = true
	fileMode = true
	symlinks = true
	ignoreCase = false
	autocrlf = false
	safecrlf = false
	protectHFS = false
	protectNTFS = false
	attributesFile = /dev/null
	excludesFile = /dev/null
	hooksPath = /dev/null
	fsmonitor = false
	untrackedCache = false
	splitIndex = false
	looseCompression = 0
	fsync = none
	logAllRefUpdates = false
[index]
	version = 2
	sparse = false
[gc]
	auto = 0
[maintenance]
	auto = false
[transfer]
	fsckObjects = false
[protocol]
	allow = never
[submodule]
	recurse = false
${format === 'sha1' ? '' : `[extensions]\n\tobjectFormat = ${format}\n`}`;
}

/** Makes a bare repository at `gitDirectory` unless one is there; of several at once one wins, whole. Errors: `cannot-write`. */
export async function makeOwnRepository(gitDirectory: string, format: ObjectFormat): Promise<void> {
  const parent = join(gitDirectory, '..');
  const draft = join(parent, temporaryName());
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    for (const part of ['objects/pack', 'objects/info', 'refs/spoor/runs', 'refs/spoor/history', 'info']) {
      await mkdir(join(draft, part), { recursive: true, mode: 0o700 });
    }
    await writeFile(join(draft, 'HEAD'), 'ref: refs/heads/unused\n');
    await writeFile(join(draft, 'config'), configuration(format));
    await writeFile(join(draft, 'info/attributes'), attributes);
    await rename(draft, gitDirectory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cannotWrite(gitDirectory, error);
  }
}

/** Makes the repository itself durable, as its first snapshot needs. */
export async function syncLayout(gitDirectory: string, syncFile: (path: string) => Promise<void>): Promise<void> {
  for (const file of ['HEAD', 'config', 'info/attributes']) await syncFile(join(gitDirectory, file));
  for (const part of ['objects/pack', 'objects/info', 'objects', 'refs/spoor', 'refs', 'info', '', '..']) {
    await syncDirectory(join(gitDirectory, part));
  }
}
