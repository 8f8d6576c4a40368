import { join } from 'node:path';
import { isRunId, type RunId } from '../model/run-id.ts';
import { registryName } from './layout-names.ts';
import { readSmallFile } from './place-file.ts';

/**
 * `spoor.json`: names the run that an output directory belongs to, so that the directory can be imported
 * elsewhere, and what Spoor wrote there, so that it knows its own files again. JSON, version 1.
 */
export interface LayoutRegistry {
  format: 'spoor-run';
  version: 1;
  run: RunId;
  /** The run's full name. */
  name: string;
  /** Id of the home that holds the record. */
  home: string;
  /** Version of Spoor that wrote it. */
  spoor: string;
  /** UTC, ISO 8601. */
  startedAt: string;
  /** By name in this directory: the file's SHA-256, or the target of the link to a log still being written. */
  files: Record<string, { sha256: string } | { link: string }>;
}

const maxBytes = 1024 * 1024;

/** The run's registry, which a later run may have moved aside, and that of whichever run owns the plain names. */
export async function readRegistries(
  directory: string,
  run: RunId,
): Promise<{ own: LayoutRegistry | null; standing: LayoutRegistry | null }> {
  const standing = await readStandingRegistry(directory);
  if (standing?.run === run) return { own: standing, standing };
  const aside = await readRegistry(join(directory, `${registryName}.${run}`));
  return { own: aside?.run === run ? aside : null, standing };
}

export function registryText(registry: LayoutRegistry): Uint8Array {
  return Buffer.from(`${JSON.stringify(registry, null, 2)}\n`);
}

/** That of whichever run owns the plain names of a directory. */
export const readStandingRegistry = (directory: string): Promise<LayoutRegistry | null> =>
  readRegistry(join(directory, registryName));

/** Null for what is not there or no `spoor.json` of a version we know. Whoever can write here may have written it. */
async function readRegistry(path: string): Promise<LayoutRegistry | null> {
  const content = await readSmallFile(path, maxBytes);
  if (!content) return null;
  let value: Partial<LayoutRegistry> | null;
  try {
    value = JSON.parse(Buffer.from(content).toString('utf8'));
  } catch {
    return null;
  }
  if (value?.format !== 'spoor-run' || value.version !== 1) return null;
  if (typeof value.run !== 'string' || !isRunId(value.run)) return null;
  if (typeof value.files !== 'object' || value.files === null) return null;
  return { ...value, files: Object.fromEntries(Object.entries(value.files).filter(isEntry)) } as LayoutRegistry;
}

function isEntry([, value]: [string, unknown]): boolean {
  const { sha256, link } = (value ?? {}) as { sha256?: unknown; link?: unknown };
  return typeof sha256 === 'string' || typeof link === 'string';
}
