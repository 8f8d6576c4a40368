/** The page of a shared site: the built bundle, told that it has no server, under a policy that lets nothing out. */
import { readFileSync } from 'node:fs';
import { sharedMeta } from '../../api/shared-site.ts';
import { pagePolicy } from '../guard/headers.ts';

/** `frame-ancestors` does not count in a page; all else does. */
const policy = pagePolicy
  .split('; ')
  .filter((each) => !each.startsWith('frame-ancestors'))
  .join('; ');

/** `index.html` with addresses that are relative to it, so that the site may lie in any directory of a web server. */
export function sharedPage(index: string): string {
  return readFileSync(index, 'utf8')
    .replaceAll(/(src|href)="\/(?!\/)/g, '$1="./')
    .replace(
      '<meta charset="utf-8" />',
      `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <meta name="${sharedMeta}" content="1" />`,
    )
    .replace('<div id="app"></div>', '<div id="app"></div>\n    <script src="./opened-as-file.js"></script>');
}

/** Browsers load no module of a page that was opened as a file: it says so instead of staying empty. */
export const openedAsFile = `if (location.protocol === 'file:') {
  document.getElementById('app').textContent =
    'Browsers show these pages only when a web server gives them out. README.txt beside this file says how.';
}
`;

export function sharedReadme(names: readonly string[], without: readonly string[]): string {
  const left = without.length > 0 ? `Left out: ${without.join(', ')}.\n` : '';
  return `Training runs, as Spoor shows them:

${names.map((name) => `  ${name}\n`).join('')}
${left}
To look at them, put this directory on any web server, or start one here:

  python3 -m http.server --bind 127.0.0.1 8000

and open http://127.0.0.1:8000/ in a browser. Opened as files the pages stay
empty: browsers load no scripts of this kind from a disk.

The pages ask nobody else for anything, and set no cookies.
`;
}
