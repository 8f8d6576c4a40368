import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const [entry, page] = ['/web/src/main.ts', '/web/src/app/start.tsx'];

interface Graph {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** Everything that a module imports, itself included; what it loads later is not. */
function reachedFrom(start: string, graph: Graph): Set<string> {
  const reached = new Set<string>();
  const left = [start];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    left.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
  }
  return reached;
}

/**
 * The first page comes in two files, however many others share its parts: a request costs more than a kilobyte. The
 * small one runs at once and asks the server for what the first screen shows, while the other is still on its way.
 */
function firstPage() {
  let inEntry: Set<string> | null = null;
  let inPage: Set<string> | null = null;
  return (id: string, graph: Graph): string | null => {
    const root = import.meta.dirname.replaceAll('\\', '/').replace(/\/web$/, '');
    inEntry ??= reachedFrom(root + entry, graph);
    inPage ??= reachedFrom(root + page, graph);
    // What bundlers add has a name that is no path.
    if (id.startsWith('\0') || (inEntry.has(id) && id !== root + entry)) return 'early';
    return inPage.has(id) ? 'page' : null;
  };
}

/** Has the browser fetch the page beside the entry that will import it. */
const preloadPage: Plugin = {
  name: 'preload-page',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.values(bundle ?? {})
        .filter((each) => each.type === 'chunk' && ['page', 'start', 'rolldown-runtime'].includes(each.name))
        .map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
          injectTo: 'head',
        })),
  },
};

const shownRuntime = `${import.meta.dirname.replaceAll('\\', '/')}/src/text/jsx-runtime.ts`;

/** Every element of the page, of libraries too, is made where hidden characters become visible (decision 0072). */
const visibleText: Plugin = {
  name: 'visible-text',
  enforce: 'pre',
  apply: 'build',
  resolveId: (source, importer) => (source === 'react/jsx-runtime' && importer !== shownRuntime ? shownRuntime : null),
};

/** The page, built into `dist/web`, from where `spoor serve` and `spoor ui` give it out. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [visibleText, react(), tailwindcss(), preloadPage],
  // A shared site has the page in any directory: scripts find their parts beside themselves.
  experimental: {
    renderBuiltUrl: (_name, { hostType }) => (hostType === 'js' || hostType === 'css' ? { relative: true } : undefined),
  },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // Inlined files would be data: addresses, which the page's content-security policy does not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Of the first page; a test holds what of it may be loaded.
    chunkSizeWarningLimit: 700,
    license: { fileName: 'THIRD-PARTY-NOTICES.md' },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: firstPage(), debugName: 'first page' }],
          includeDependenciesRecursively: false,
        },
      },
    },
  },
  // While developing: `npm run dev:web` beside `spoor serve --port 4377`.
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:4377' } },
});
