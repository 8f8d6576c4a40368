// Draws the pictures of the README from the demo: what a terminal shows, as SVG, and the page as Chromium draws it.
//   npm run pictures
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { changeDemoWorld, makeDemoWorld } from '../demo/make-world.mjs';
import { pagePictures } from './page-pictures.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const columns = 96;
const cell = { width: 8.4, height: 19 };
const margin = 18;
const colours = {
  1: 'font-weight="600"',
  2: 'opacity="0.6"',
  31: '#f47067',
  32: '#57ab5a',
  33: '#c69026',
  34: '#539bf5',
  36: '#39c5cf',
};

/** Lines of text with SGR sequences as one SVG of a terminal. */
function terminal(text) {
  const lines = text.trimEnd().split('\n');
  const width = Math.round(columns * cell.width + 2 * margin);
  const height = Math.round(lines.length * cell.height + 2 * margin);
  const rows = lines.map((line, row) => {
    const y = (margin + (row + 0.75) * cell.height).toFixed(1);
    return runs(line).map(({ text: part, column, styles }) => {
      const attributes = styles.map((code) =>
        colours[code]?.startsWith('#') ? `fill="${colours[code]}"` : colours[code],
      );
      const x = (margin + column * cell.width).toFixed(1);
      const length = (stringWidth(part) * cell.width).toFixed(1);
      return `<text x="${x}" y="${y}" textLength="${length}" ${attributes.filter(Boolean).join(' ')}>${escaped(part)}</text>`;
    });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>spoor ls and spoor show, after two trainings of the demo</title>
<rect width="100%" height="100%" rx="10" fill="#1c2128"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="#cdd9e5">
${rows.flat().join('\n')}
</g>
</svg>
`;
}

/** Pieces of one line that share their styles, each with the cell it begins in. */
function runs(line) {
  const found = [];
  let styles = [];
  let column = 0;
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    const sequence = /^\u001b\[([\d;]*)m$/.exec(part);
    if (sequence) styles = next(styles, sequence[1].split(';').map(Number));
    else if (part !== '') {
      // SVG folds spaces: what stands apart is placed apart.
      for (const { 0: text, index } of part.matchAll(/\S+(?: \S+)*/g)) {
        found.push({ text, column: column + stringWidth(part.slice(0, index)), styles });
      }
      column += stringWidth(part);
    }
  }
  return found;
}

function next(styles, codes) {
  let now = styles;
  for (const code of codes) {
    if (code === 0) now = [];
    else if (code === 22) now = now.filter((each) => each !== 1 && each !== 2);
    else if (code === 39) now = now.filter((each) => each < 30);
    else now = [...now, code];
  }
  return now;
}

const escaped = (text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

const directory = mkdtempSync(join(tmpdir(), 'wolf-'));
try {
  // Nothing of whoever draws it.
  const environment = {
    PATH: process.env.PATH,
    SPOOR_HOME: join(directory, 'home'),
    HOME: directory,
    COLUMNS: String(columns),
    TZ: 'UTC',
  };
  const spoor = (args, cwd = directory) => {
    const isShown = !args.includes('--json');
    const env = { ...environment, ...(isShown ? { FORCE_COLOR: '1' } : {}) };
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/spoor.js'), ...args], {
      cwd,
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`spoor ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout;
  };
  const command = (run) => ['--', ...run.command.map((word) => (word === process.execPath ? 'node' : word))];
  const first = makeDemoWorld(directory);
  spoor(['run', '--reason', 'first try', ...command(first)], first.cwd);
  spoor(['verdict', first.name, 'mixed', '--why', 'the wolf is there, the nights are flat']);
  const second = changeDemoWorld(directory);
  spoor(['run', '--reason', 'higher rate, better captions', '--tag', 'nights', ...command(second)], second.cwd);
  spoor(['verdict', second.name, 'worked', '--why', 'clear at every weight']);
  const text = [
    '\u001b[1m$ spoor ls\u001b[22m',
    spoor(['ls']).trimEnd(),
    '',
    `\u001b[1m$ spoor show ${second.name}\u001b[22m`,
    spoor(['show', second.name]),
  ].join('\n');
  mkdirSync(join(root, 'docs/pictures'), { recursive: true });
  writeFileSync(join(root, 'docs/pictures/show.svg'), terminal(text));
  const ids = [first, second].map(({ name }) => JSON.parse(spoor(['show', name, '--json'])).id);
  await pagePictures(join(root, 'bin/spoor.js'), environment, ids, join(root, 'docs/pictures'));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
