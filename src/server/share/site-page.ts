/** The page of a shared site: the built bundle, told that it has no server, under a policy that lets nothing out. */
import { sharedMeta } from '../../api/shared-site.ts';
import { pagePolicy } from '../guard/headers.ts';

/** `frame-ancestors` does not count in a page; all else does. */
const policy = pagePolicy
  .split('; ')
  .filter((each) => !each.startsWith('frame-ancestors'))
  .join('; ');

/** The page with addresses that are relative to it, so that the site may lie in any directory, of a web server or of a disk. */
export const sharedPage = `<!doctype html>
<html lang="en" data-theme="light">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="${sharedMeta}" content="1" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <title>Spoor</title>
    <link rel="icon" href="./icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="./page.css" />
    <script src="./theme.js"></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>These pages need JavaScript.</noscript>
    <script src="./page.js"></script>
  </body>
</html>
`;

export function sharedReadme(names: readonly string[], without: readonly string[]): string {
  const left = without.length > 0 ? `Left out: ${without.join(', ')}.\n` : '';
  return `Training runs, as Spoor shows them:

${names.map((name) => `  ${name}\n`).join('')}
${left}
To look at them, open index.html in a browser. All files beside it belong to
it: unpack an archive first. To publish them, put this directory on any web
server.

The pages ask nobody else for anything, and set no cookies.
`;
}
