import { Link, Outlet } from '@tanstack/react-router';
import {
  FileSearch,
  GitCompareArrows,
  HardDrive,
  ListTree,
  type LucideIcon,
  Rows3,
  Search,
  Settings,
} from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type HeldKeys, holdKeys } from '../lib/held-keys.ts';
import { isMac, useKeys } from '../lib/keys.ts';
import { beside, isShared } from '../lib/site.ts';
import { classes } from '../ui/classes.ts';
import { Kbd } from '../ui/kbd.tsx';
import { later } from '../ui/later.tsx';
import { useTold } from '../ui/tell.ts';
import { Connection, Disconnected } from './connection.tsx';
import { Preferences } from './preferences-button.tsx';

const Palette = later(() => import('./palette.tsx'));
const KeyHelp = later(() => import('./key-help.tsx'));
const Toasts = later(() => import('../ui/toast.tsx'));

const everyPlace: readonly { to: string; key: string; icon: LucideIcon; needsServer?: true }[] = [
  { to: '/', key: 'nav.runs', icon: Rows3 },
  { to: '/families', key: 'nav.families', icon: ListTree },
  { to: '/compare', key: 'nav.compare', icon: GitCompareArrows },
  { to: '/files', key: 'nav.files', icon: FileSearch, needsServer: true },
  { to: '/storage', key: 'nav.storage', icon: HardDrive, needsServer: true },
  { to: '/settings', key: 'nav.settings', icon: Settings, needsServer: true },
];
const places = everyPlace.filter(({ needsServer }) => !(needsServer && isShared));

/** What stands around every page: where one is, where one can go, and the command palette. */
export function Shell() {
  const { t } = useTranslation();
  // What is typed at once is for the palette, which is loaded when it is first opened.
  const [palette, setPalette] = useState<HeldKeys | null>(null);
  const closePalette = useCallback(() => setPalette(null), []);
  const openPalette = () => setPalette((before) => before ?? holdKeys(closePalette));
  useEffect(() => () => palette?.release(), [palette]);
  const [keyHelp, setKeyHelp] = useState(false);
  const told = useTold();
  useKeys({ '?': () => setKeyHelp(true) });
  useKeys({ 'mod+k': openPalette }, { always: true });
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-panel px-3 py-2 shadow-lift focus:translate-y-0"
      >
        {t('nav.skip')}
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-paper">
        <div className="flex h-13 items-center gap-1 px-4 sm:px-6">
          <Link
            to="/"
            className="mr-4 flex shrink-0 items-center gap-2 font-semibold max-lg:mr-2 tracking-tight"
            aria-label="Spoor"
          >
            <img src={beside('icon.svg')} alt="" className="size-6" />
            <span className="max-sm:sr-only md:max-lg:sr-only">Spoor</span>
          </Link>
          <nav aria-label={t('nav.label')} className="hidden gap-0.5 md:flex">
            {places.map(({ to, key }) => (
              <Place key={to} to={to}>
                {t(key)}
              </Place>
            ))}
          </nav>
          <div className="ml-auto flex items-center gap-1">
            <button
              type="button"
              onClick={openPalette}
              className="flex h-8 items-center gap-2 rounded-md border border-line-strong bg-panel px-2.5 text-sm text-ink-3 hover:border-ink-3 sm:w-52 md:max-lg:w-auto"
            >
              <Search className="size-4" aria-hidden />
              <span className="max-sm:sr-only md:max-lg:sr-only">{t('palette.open')}</span>
              <span className="ml-auto hidden sm:inline md:max-lg:hidden">
                <Kbd>{isMac ? '⌘K' : 'Ctrl K'}</Kbd>
              </span>
            </button>
            {!isShared && <Connection />}
            <Preferences />
          </div>
        </div>
      </header>
      <Outlet />
      <nav
        aria-label={t('nav.label')}
        className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-paper/95 pb-[env(safe-area-inset-bottom)] backdrop-blur md:hidden"
      >
        {places.map(({ to, key, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            className="flex min-w-0 flex-1 flex-col items-center gap-0.5 py-2 text-[0.62rem] tracking-tight text-ink-3"
            activeProps={{ className: 'text-accent font-medium' }}
          >
            <Icon className="size-5" aria-hidden />
            <span className="max-w-full truncate px-0.5">{t(key)}</span>
          </Link>
        ))}
      </nav>
      {!isShared && <Disconnected />}
      {palette && <Palette typed={palette} onClose={closePalette} onKeys={() => setKeyHelp(true)} />}
      {keyHelp && <KeyHelp onClose={() => setKeyHelp(false)} />}
      {told && <Toasts />}
    </>
  );
}

function Place({ to, children }: { to: string; children: string }) {
  const base = 'rounded-md px-2 py-1.5 text-sm whitespace-nowrap transition-colors lg:px-2.5';
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      className={base}
      activeProps={{ className: classes('bg-sunken font-medium text-ink') }}
      inactiveProps={{ className: 'text-ink-2 hover:text-ink' }}
    >
      {children}
    </Link>
  );
}
