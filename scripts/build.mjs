// Bundles the command line into dist/: `main` with shared code and libraries in chunks that are loaded when
// they are needed, and what is waited for most (`run`, looking, serving, the recorder) in one file each: fifty chunks
// take 25 ms longer to load. Native modules stay in node_modules. Types are checked by `npm run check`; a build
// needs only esbuild and takes a moment.
// The page of `spoor ui` is built by Vite into dist/web, anew only where its sources are newer.
// A new bundle takes the old one's place at once, so that a run in progress never sees half of it.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const started = new Date();
const staging = mkdtempSync(join(root, '.dist-'));
const outdir = join(staging, 'new');

/** What the labels of contact sheets are set in: a bare machine has no fonts. */
const font = 'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf';

/** The page's fonts, which no script of it imports. */
const pageFonts = ['node_modules/@fontsource-variable/inter/', 'node_modules/@fontsource-variable/jetbrains-mono/'];

/** The licences of the libraries that are in the bundle: they ask that their text goes along. */
function notices(built) {
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = [...inputs, font, ...pageFonts].flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name} is bundled without the text of its licence (${license})`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  });
}

/** What goes into the page. */
const pageSources = ['web', 'src/api', 'src/model', 'src/diff', 'package-lock.json', 'scripts/build.mjs'];

/** Modification time, in milliseconds, of the newest file below a path. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

async function buildPage() {
  const page = join(dist, 'web');
  const built = existsSync(join(page, 'index.html')) ? statSync(join(page, 'index.html')).mtimeMs : 0;
  if (pageSources.every((path) => newest(join(root, path)) < built) && existsSync(join(dist, 'site'))) {
    for (const each of ['web', 'site'])
      cpSync(join(dist, each), join(outdir, each), { recursive: true, preserveTimestamps: true });
    return;
  }
  const vite = await import('vite');
  await vite.build({
    configFile: join(root, 'web', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: join(outdir, 'web') },
  });
  // The same page as one plain script: browsers load no modules from a disk, where a shared site may lie.
  await vite.build({
    configFile: join(root, 'web', 'vite.config.ts'),
    logLevel: 'warn',
    build: {
      outDir: join(outdir, 'site'),
      cssCodeSplit: false,
      modulePreload: false,
      chunkSizeWarningLimit: 3000,
      rolldownOptions: {
        input: join(root, 'web', 'src', 'main-site.ts'),
        // Of nothing but the parts that a module loads later.
        transform: { define: { 'import.meta': '{}' } },
        output: {
          format: 'iife',
          codeSplitting: false,
          entryFileNames: 'page.js',
          assetFileNames: ({ names }) =>
            names.some((name) => name.endsWith('.css')) ? 'page.css' : 'fonts/[name][extname]',
        },
      },
    },
  });
  utimesSync(join(outdir, 'web', 'index.html'), started, started);
}

const native = ['better-sqlite3', '@lydell/node-pty', 'sharp'];

/** The entry keeps compiled code, which counts for what is loaded after it only. */
const recorderApart = {
  name: 'recorder-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/recorder-main\.ts$/ }, () => ({ path: './recorder-main.js', external: true }));
  },
};

/** Of the messages of zod in fifty languages one is used; the others would be evaluated at every start. */
const englishOnly = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/**
 * An `import` of `node:http` asks for everything that it exports, WebSocket among it, which loads a whole second client:
 * 20 ms before a server says where it is. What is required is not asked.
 */
const httpAsRequired = {
  name: 'http-as-required',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?https?$/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};

const bundle = (entryPoints, { plugins = [], ...options }) =>
  build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    metafile: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: native,
    // Bundled CommonJS (yaml) asks for Node's own modules with `require`, which ES modules lack.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    sourcemap: 'linked',
    chunkNames: 'chunks/[name]-[hash]',
    logLevel: 'warning',
    plugins: [englishOnly, ...plugins],
    ...options,
  });

try {
  const built = await Promise.all([
    bundle(
      { main: 'src/cli/main.ts', images: 'src/images/worker.ts', notifier: 'src/cli/notifier-main.ts' },
      { splitting: true },
    ),
    bundle(
      {
        'main-run': 'src/cli/main-run.ts',
        'main-looking': 'src/cli/main-looking.ts',
        'main-serving': 'src/cli/main-serving.ts',
        'recorder-main': 'src/cli/recorder-main.ts',
      },
      { plugins: [httpAsRequired], minifySyntax: true, minifyWhitespace: true },
    ),
    bundle({ recorder: 'src/cli/recorder-entry.ts' }, { plugins: [recorderApart] }),
  ]);
  copyFileSync(join(root, font), join(outdir, 'DejaVuSans.ttf'));
  writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES'), notices(built).join(`\n${'-'.repeat(80)}\n\n`));
  await buildPage();
  // A source edited while the build ran is newer than the bundle.
  utimesSync(join(outdir, 'main.js'), started, started);
  if (existsSync(dist)) renameSync(dist, join(staging, 'old'));
  renameSync(outdir, dist);
} catch (error) {
  // esbuild has shown its own errors.
  if (!Array.isArray(error.errors)) throw error;
  process.exitCode = 1;
} finally {
  rmSync(staging, { recursive: true, force: true });
}
