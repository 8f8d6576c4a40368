/** The page, from here on: loaded beside `main.ts`, which asks for its first screen meanwhile. */
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLanguages } from '../i18n/index.ts';
import { arrived } from '../lib/api.ts';
import { watchArrivals } from '../lib/arrival.ts';
import { startLive } from '../lib/live.ts';
import { takePreferences } from '../lib/preferences.ts';
import { queries } from './queries.ts';
import { router } from './router.tsx';

export async function start(): Promise<void> {
  await startLanguages();
  await takePreferences(arrived('readUi', {}));
  startLive(queries);
  watchArrivals(router);
  createRoot(document.getElementById('app') as HTMLElement).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
