import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page, built into `dist/web`, from where `spoor serve` and `spoor ui` give it out. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
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
    license: { fileName: 'THIRD-PARTY-NOTICES.md' },
  },
  // While developing: `npm run dev:web` beside `spoor serve --port 4377`.
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:4377' } },
});
