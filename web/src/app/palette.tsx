import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Check, FileText, Footprints, ListTree, Search, Zap } from 'lucide-react';
import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, languages } from '../i18n/index.ts';
import { act, useOffered } from '../lib/actions.ts';
import { api } from '../lib/api.ts';
import { useBlur } from '../lib/blur.ts';
import { ago, integer } from '../lib/format.ts';
import type { HeldKeys } from '../lib/held-keys.ts';
import { chooseBlur, chooseLanguage, chooseTheme } from '../lib/preferences.ts';
import { isShared } from '../lib/site.ts';
import { themes } from '../lib/theme.ts';
import { Kbd } from '../ui/kbd.tsx';
import { StatusBadge } from '../ui/status.tsx';
import { Item } from './palette-item.tsx';
import { ThisRun } from './palette-run.tsx';
import { ask } from './queries.ts';

/** Every run, every page and every action, by typing a part of its name. */
export default function Palette({
  typed,
  onClose,
  onKeys,
}: {
  /** While this was loaded, and until its field has the focus. */
  typed: HeldKeys;
  onClose: () => void;
  onKeys: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState(typed.text);
  useLayoutEffect(() => {
    setText(typed.text);
    typed.listener = setText;
    return () => {
      typed.listener = null;
    };
  }, [typed]);
  const words = useDeferredValue(text.trim());
  const here = /^\/runs\/(\w{26})/.exec(useRouterState({ select: ({ location }) => location.pathname }))?.[1];
  const { data: found, isPlaceholderData } = useQuery({
    queryKey: ['runs', 'palette', words],
    queryFn: ({ signal }) => api('listRuns', { query: words === '' ? '' : `name:${quoted(words)}`, limit: 12 }, signal),
    placeholderData: (before) => before,
  });
  // An id, as `spoor ls` prints its beginning, names a run as well.
  const byId = useQuery({
    queryKey: ['runs', 'palette', 'id', words],
    queryFn: ({ signal }) => api('listRuns', { query: `id:${words.toUpperCase()}*`, limit: 12 }, signal),
    enabled: idLike.test(words) && !isShared,
  }).data?.runs;
  const runs = byId && byId.length > 0 ? byId : found?.runs;
  const families = useQuery(ask.families('')).data?.families.filter(
    ({ family }) => words !== '' && family !== '' && family.toLowerCase().includes(words.toLowerCase()),
  );
  const actions = useOffered();
  const blurred = useBlur();
  // Those of the words before stay only as far as they are named like the new ones.
  const foundBy = isPlaceholderData ? '' : words;
  const [chosen, setChosen] = useState('');
  const list = useRef<HTMLDivElement>(null);
  // Enter always goes somewhere: where what was chosen is gone from the list, to the first.
  useEffect(() => {
    const items = list.current;
    if (!items || items.querySelector('[cmdk-item][aria-selected="true"]')) return;
    setChosen(items.querySelector('[cmdk-item]')?.getAttribute('data-value') ?? '');
  });
  const passages = useQuery({ ...ask.search(words), enabled: words.length > 2 }).data?.runs;
  const go = (action: () => unknown) => () => {
    onClose();
    void action();
  };
  const everywhere = [
    ['/', 'nav.runs'],
    ['/families', 'nav.families'],
    ['/compare', 'nav.compare'],
    ['/samples', 'samples.title'],
  ] as const;
  const onServer = [
    ['/files', 'nav.files'],
    ['/storage', 'nav.storage'],
    ['/settings', 'nav.settings'],
  ] as const;
  const pages = [...everywhere, ...(isShared ? [] : onServer)];
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/35" />
        <Dialog.Popup
          aria-label={t('palette.title')}
          className="fixed top-[10vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-panel shadow-lift"
        >
          <Command label={t('palette.title')} loop value={chosen} onValueChange={setChosen}>
            <div className="flex items-center gap-2 border-b border-line px-4">
              <Search className="size-4 text-ink-3" aria-hidden />
              <Command.Input
                value={text}
                onValueChange={setText}
                onFocus={typed.release}
                placeholder={t('palette.placeholder')}
                className="h-12 flex-1 bg-transparent outline-none placeholder:text-ink-3"
              />
            </div>
            <Command.List
              ref={list}
              className="max-h-[56vh] overflow-auto p-1.5 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-3"
            >
              <Command.Empty className="px-3 py-8 text-center text-sm text-ink-3">{t('palette.none')}</Command.Empty>
              {actions.length > 0 && (
                <Command.Group heading={t('palette.thisPage')}>
                  {actions.map((label) => (
                    <Item key={label} icon={Zap} value={`action ${label}`} onSelect={go(() => act(label))}>
                      {label}
                    </Item>
                  ))}
                </Command.Group>
              )}
              {here && <ThisRun run={here} go={go} />}
              <Command.Group heading={t('nav.runs')}>
                {runs?.map((run) => (
                  <Item
                    key={run.id}
                    icon={Footprints}
                    value={`${run.name} ${run.id}`}
                    keywords={foundBy}
                    onSelect={go(() => navigate({ to: '/runs/$run', params: { run: run.id } }))}
                  >
                    <span className="min-w-0 flex-1 truncate">{run.name}</span>
                    <StatusBadge status={run.status} />
                    <span className="text-xs text-ink-3">{ago(run.startedAt)}</span>
                  </Item>
                ))}
              </Command.Group>
              {families && families.length > 0 && (
                <Command.Group heading={t('nav.families')}>
                  {families.slice(0, 6).map(({ family, runs }) => (
                    <Item
                      key={family}
                      icon={ListTree}
                      value={`family ${family}`}
                      onSelect={go(() => navigate({ to: '/families/$family', params: { family } }))}
                    >
                      <span className="min-w-0 flex-1 truncate">{family}</span>
                      <span className="text-xs text-ink-3">
                        {t('runs.count', { count: runs, shown: integer(runs) })}
                      </span>
                    </Item>
                  ))}
                </Command.Group>
              )}
              {passages && passages.length > 0 && (
                <Command.Group heading={t('palette.passages')}>
                  {passages.slice(0, 6).map(({ id, name, passages: [first] }) => (
                    <Item
                      key={id}
                      icon={FileText}
                      value={`passage ${id} ${words}`}
                      onSelect={go(() => navigate({ to: '/runs/$run', params: { run: id } }))}
                    >
                      <span className="min-w-0 flex-1">
                        <span className="block truncate">{name}</span>
                        <span className="block truncate text-xs text-ink-3">
                          {first?.excerpt.map((part, index) =>
                            index % 2 === 1 ? (
                              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
                              <mark key={index} className="bg-accent-soft text-accent">
                                {part}
                              </mark>
                            ) : (
                              part
                            ),
                          )}
                        </span>
                      </span>
                    </Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading={t('palette.pages')}>
                {pages.map(([to, key]) => (
                  <Item key={to} value={`page ${t(key)}`} onSelect={go(() => navigate({ to }))}>
                    {t(key)}
                  </Item>
                ))}
              </Command.Group>
              <Command.Group heading={t('preferences.title')}>
                <Item value={`keys ${t('palette.keys')}`} onSelect={go(onKeys)}>
                  <span className="flex-1">{t('palette.keys')}</span>
                  <Kbd>?</Kbd>
                </Item>
                {themes.map((theme) => (
                  <Item
                    key={theme}
                    value={`theme ${t('preferences.theme')} ${t(`preferences.${theme}`)}`}
                    onSelect={go(() => chooseTheme(theme))}
                  >
                    {t('preferences.theme')}: {t(`preferences.${theme}`)}
                  </Item>
                ))}
                <Item value={`blur ${t('preferences.blur')}`} onSelect={go(() => chooseBlur(!blurred))}>
                  {t('preferences.blur')}
                  {blurred && <Check className="ml-auto size-4 text-ink-3" aria-hidden />}
                </Item>
                {Object.entries(languages).map(([code, name]) => (
                  <Item
                    key={code}
                    value={`language ${t('preferences.language')} ${name}`}
                    onSelect={go(() => chooseLanguage(code as Language))}
                  >
                    {t('preferences.language')}: {name}
                  </Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** As much of an id as names a run: its time. */
const idLike = /^[0-9a-hjkmnp-tv-z]{6,26}$/i;
const quoted = (text: string) => `"${text.replaceAll('"', '')}"`;
