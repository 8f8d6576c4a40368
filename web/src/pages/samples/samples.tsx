import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../lib/actions.ts';
import { useDraft } from '../../lib/draft.ts';
import { RunChips } from '../../lib/pick-run.tsx';
import { isShared } from '../../lib/site.ts';
import { later } from '../../ui/later.tsx';
import { Empty, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { placeAt } from './grid.ts';
import { pairOf } from './look.ts';
import { PickTwo } from './pick-two.tsx';
import { useSampleGrid } from './use-grid.ts';
import { lookOf } from './view.ts';

const views = {
  matrix: later(() => import('./matrix.tsx'), <Skeleton className="h-96" />),
  step: later(() => import('./one-step.tsx'), <Skeleton className="h-96" />),
  pair: later(() => import('./pair.tsx'), <Skeleton className="h-96" />),
  blind: later(() => import('./blind.tsx'), <Skeleton className="h-96" />),
} as const;
export type ViewName = keyof typeof views;
const ofTwo: ReadonlySet<ViewName> = new Set(['pair', 'blind']);
const route = getRouteApi('/samples');
const most = 6;

/** Samples of one run or several: prompts by steps, one step at a time, two runs against each other. */
export default function Samples() {
  const { t } = useTranslation();
  useTitle(t('samples.title'));
  const navigate = useNavigate({ from: '/samples' });
  const written = route.useSearch();
  const [search, change] = useDraft(written, (next) => {
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false });
  });
  const ids = useMemo(() => (written.run ?? []).slice(0, most), [written.run]);
  const { runs, grid, isPending } = useSampleGrid(ids);
  const available = (Object.keys(views) as ViewName[]).filter(
    (view) => !ofTwo.has(view) || (ids.length >= 2 && !(isShared && view === 'blind')),
  );
  const current = available.find((view) => view === written.view) ?? 'matrix';
  const View = views[current];
  const look = lookOf(search);
  const two = pairOf(search.two, runs.length);
  const [one, other] = two;
  const isOfTwo = ofTwo.has(current);
  const { shown, colours } = useMemo(() => {
    const colours = isOfTwo ? [one, other] : runs.map((_, index) => index);
    return { colours, shown: colours.flatMap((place) => runs[place] ?? []) };
  }, [runs, isOfTwo, one, other]);
  const see = (view: ViewName) => void navigate({ search: (before) => ({ ...before, view }) });
  useActions([
    ...(ids.length > 0 ? available : []).map((view) => ({
      label: `${t('samples.title')}: ${t(`samples.views.${view}`)}`,
      act: () => see(view),
    })),
    ...(ids.length >= 2
      ? [{ label: t('compare.title'), act: () => navigate({ to: '/compare', search: { run: ids } }) }]
      : []),
  ]);
  return (
    <Page
      wide
      title={t('samples.title')}
      lead={
        <RunChips
          runs={runs}
          most={most}
          asked={written.run?.length ?? 0}
          onChange={(run) =>
            void navigate({
              search: (before) => ({ ...before, run, two: undefined, test: undefined, judged: undefined }) as never,
            })
          }
        />
      }
      actions={
        ids.length > 0 && (
          <Segments
            label={t('samples.view')}
            value={current}
            onChange={see}
            options={available.map((view) => ({ value: view, label: t(`samples.views.${view}`) }))}
          />
        )
      }
    >
      {ids.length === 0 ? (
        <Empty icon={<Images />} title={t('samples.choose')}>
          {t('samples.chooseHint')}
        </Empty>
      ) : isPending ? (
        <Skeleton className="h-96" />
      ) : grid.places.length === 0 ? (
        <Empty icon={<Images />} title={t('samples.none')}>
          {t('samples.noneHint')}
        </Empty>
      ) : (
        <>
          {isOfTwo && runs.length > 2 && (
            <PickTwo
              runs={runs}
              two={two}
              onChange={([first, second]) =>
                change({ two: `${first}-${second}`, test: undefined, judged: undefined } as never)
              }
            />
          )}
          <View
            runs={shown}
            colours={colours}
            grid={grid}
            place={placeAt(grid, search)}
            prompt={grid.rows.find(({ index }) => index === search.prompt) ?? grid.rows[0] ?? null}
            look={look}
            onLook={(next) => change(next as Partial<typeof search>)}
            onPlace={({ step, epoch }) =>
              change({ step: step ?? undefined, epoch: step === null ? epoch : undefined } as never)
            }
            onPrompt={(index) => change({ prompt: index })}
            onView={see}
          />
        </>
      )}
    </Page>
  );
}
