import { Link, useNavigate } from '@tanstack/react-router';
import { Grid3x3, Images } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { useDraft } from '../../lib/draft.ts';
import { isShared } from '../../lib/site.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Empty, Skeleton } from '../../ui/page.tsx';
import { placeAt } from '../samples/grid.ts';
import Matrix from '../samples/matrix.tsx';
import { useSampleGrid } from '../samples/use-grid.ts';
import { lookOf } from '../samples/view.ts';
import { useShared } from './state.ts';

const most = 6;

/** The samples of the runs beside each other. */
export default function CompareSamples({ diff }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { change: write, ...written } = useShared();
  const [search, change] = useDraft(written, write);
  const ids = useMemo(() => diff.runs.slice(0, most).map(({ id }) => id), [diff]);
  const { runs, grid, isPending } = useSampleGrid(ids);
  const colours = useMemo(() => runs.map((_, index) => index), [runs]);
  if (isPending) return <Skeleton className="h-96" />;
  if (grid.places.length === 0) {
    return (
      <Empty icon={<Images />} title={t('samples.none')}>
        {t('samples.noneHint')}
      </Empty>
    );
  }
  const place = placeAt(grid, search);
  const prompt = grid.rows.find(({ index }) => index === search.prompt) ?? grid.rows[0] ?? null;
  const to = (view?: string) => ({
    run: ids,
    ...(place?.step != null ? { step: place.step } : place?.epoch != null ? { epoch: place.epoch } : {}),
    ...(prompt ? { prompt: prompt.index } : {}),
    ...(view ? { view } : {}),
  });
  return (
    <>
      <div className="mb-3 flex flex-wrap gap-2">
        {(isShared ? (['pair'] as const) : (['pair', 'blind'] as const)).map((view) => (
          <Link key={view} to="/samples" search={to(view)} className={buttonClass()}>
            {t(`samples.views.${view}`)}
          </Link>
        ))}
        <Link to="/samples" search={to()} className={buttonClass('quiet')}>
          <Grid3x3 className="size-4" aria-hidden />
          {t('run.matrix')}
        </Link>
      </div>
      <Matrix
        runs={runs}
        colours={colours}
        grid={grid}
        place={place}
        prompt={prompt}
        look={lookOf({ ...search, lay: search.lay ?? 'beside', zoom: search.close })}
        onLook={({ way: _way, ...next }) => {
          const { zoom: close, ...rest } = next;
          change(('zoom' in next ? { ...rest, close } : rest) as Partial<typeof search>);
        }}
        onPlace={({ step, epoch }) =>
          change({ step: step ?? undefined, epoch: step === null ? epoch : undefined } as never)
        }
        onPrompt={(index) => change({ prompt: index })}
        onView={(view) => void navigate({ to: '/samples', search: to(view) })}
      />
    </>
  );
}
