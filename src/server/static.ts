/** The page: the built bundle where there is one, else a plain page that says so. */
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pagePolicy } from './guard/headers.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  webmanifest: 'application/manifest+json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  webp: 'image/webp',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
};

/** `index-B8a4f2_c.js`: another content has another name. */
const hashed = /[-.][A-Za-z0-9_-]{8,}\.\w+$/;

const without = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Spoor</title>
<h1>Spoor is serving</h1>
<p>The pages are not part of this build. Programs can ask the interface: docs/api.md describes it.</p>
</html>
`;

/**
 * @param directory of the bundle; its files are listed once, and nothing that a request says becomes a path
 * @returns the page for a path
 */
export function pages(directory: string): (path: string, request: Request) => Promise<Response> {
  const files = filesIn(directory);
  return async (path, request) => {
    const name = files.has(path) ? path : '/index.html';
    // A file that was asked for by name and is not there is no page; a family may have a name like one.
    if (name !== path && /\.\w{1,11}$/.test(path) && !path.startsWith('/families/'))
      return plain(404, 'There is no such file.\n');
    const place = files.get(name);
    if (place === undefined) return page(without);
    const bytes = await readFile(place).catch(() => null);
    if (bytes === null) return plain(404, 'The file is gone.\n');
    if (name === '/index.html') return page(bytes);
    const { mtimeMs, size } = statSync(place);
    const etag = `"${size.toString(36)}-${mtimeMs.toString(36)}"`;
    const headers = {
      'content-type': types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      'content-security-policy': pagePolicy,
      'cache-control':
        name.startsWith('/assets/') && hashed.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag,
    };
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    return new Response(bytes, { headers });
  };
}

function page(content: string | Uint8Array<ArrayBuffer>): Response {
  const headers = {
    'content-type': types.html as string,
    'content-security-policy': pagePolicy,
    'cache-control': 'no-cache',
  };
  return new Response(content, { headers });
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': types.txt as string, 'cache-control': 'no-store' } });
}

/** Path in an address → path of the file. */
function filesIn(directory: string): Map<string, string> {
  const files = new Map<string, string>();
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const place = join(entry.parentPath, entry.name);
      files.set(place.slice(directory.length).replaceAll('\\', '/'), place);
    }
  } catch {
    // There is no bundle.
  }
  return files;
}
