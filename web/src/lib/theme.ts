/** Light, dark, or as the system has it. `public/theme.js` applies it before the first paint. */
import { useSyncExternalStore } from 'react';
import { kept } from './kept.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const system = matchMedia('(prefers-color-scheme: dark)');

function draw(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'system' && system.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}

const chosen = kept<Theme>('spoor.theme', (text) => themes.find((each) => each === text) ?? 'system', draw);
const drawn = new Set<() => void>();

system.addEventListener('change', () => {
  draw(chosen.get());
  for (const each of drawn) each();
});

export const theme = chosen.get;
export const drawIn = chosen.set;
export const useTheme = chosen.use;

/** The theme as it is drawn: charts take their colours anew when it changes. */
export function useDrawnTheme(): 'light' | 'dark' {
  return useSyncExternalStore(
    (listener) => {
      drawn.add(listener);
      const end = chosen.subscribe(listener);
      return () => {
        drawn.delete(listener);
        end();
      };
    },
    () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'),
  );
}

/** A colour of the theme as the canvas wants it: `colour('series-1')`. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
