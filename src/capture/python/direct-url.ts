import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripCredentials } from '../../model/secrets.ts';
import { isFile, readHead } from './read.ts';

/** What `direct_url.json` (PEP 610) says of a package that did not come from an index. */
export function readDirectUrl(distInfo: string): { editable: string | null; origin: string | null } {
  const nothing = { editable: null, origin: null };
  const path = join(distInfo, 'direct_url.json');
  // Few packages have one, and a failed open costs more than all else.
  const text = isFile(path) ? readHead(path, 65_536) : null;
  if (text === null) return nothing;
  let value: DirectUrl;
  try {
    value = JSON.parse(text) as DirectUrl;
  } catch {
    return nothing;
  }
  if (typeof value?.url !== 'string' || value.url.length > 4096) return nothing;
  const directory = localPath(value.url);
  if (value.dir_info?.editable === true && directory !== null) return { editable: directory, origin: null };
  const { vcs, commit_id: commit } = value.vcs_info ?? {};
  const url = stripCredentials(value.url);
  const prefix = typeof vcs === 'string' ? `${vcs}+` : '';
  return { editable: null, origin: prefix + url + (typeof commit === 'string' ? `@${commit.slice(0, 64)}` : '') };
}

interface DirectUrl {
  url?: unknown;
  dir_info?: { editable?: unknown };
  vcs_info?: { vcs?: unknown; commit_id?: unknown };
}

function localPath(url: string): string | null {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : null;
  } catch {
    return null;
  }
}
