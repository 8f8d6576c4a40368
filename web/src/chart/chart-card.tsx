import { useQuery } from '@tanstack/react-query';
import { Maximize, Table2, ZoomIn, ZoomOut } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../lib/format.ts';
import { IconButton } from '../ui/button.tsx';
import { later } from '../ui/later.tsx';
import { Card, Skeleton } from '../ui/page.tsx';
import { curvesOf } from './curves.ts';
import { type ChartRun, drawnOf } from './drawn.ts';
import { type Axis, Plot } from './plot.tsx';
import { useDetail } from './use-detail.ts';
import { useNear } from './use-near.ts';
import { xText } from './values.ts';
import { scaled, type Zoom } from './zoom.ts';

const PointsTable = later(() => import('./points-table.tsx'), <Skeleton className="h-55" />);

export interface ChartCardProps {
  title: string;
  tags: readonly string[];
  runs: readonly ChartRun[];
  smoothing: number;
  logarithmic: boolean;
  axis: 'step' | 'time';
  group?: string;
  /** The part of an axis that all charts of it show. */
  zoom: Zoom | null;
  onZoom: (zoom: Zoom | null) => void;
  hidden: ReadonlySet<string>;
  onHidden: (key: string, hidden: boolean) => void;
  /** Whether it is shown as a table. */
  asTable: boolean;
  onTable: (asTable: boolean) => void;
}

/**
 * One chart: the curves of a few tags of one run or several. A part that is zoomed into is asked for again at its own
 * resolution, so that every single point can be reached; as a table, too. It is drawn while it is in view, or nearly.
 */
export function ChartCard(props: ChartCardProps) {
  const { title, tags, runs, smoothing, logarithmic, axis, group, zoom, onZoom, asTable, onTable } = props;
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const { near, height } = useNear(place);
  const ids = near ? runs.map(({ id }) => id) : [];
  const { data: overview } = useQuery(curvesOf({ runs: ids, tags, range: null }));
  const kind: Axis = overview?.[0]?.axis ?? 'step';
  // Of several runs, or beside another axis, time counts from the start of each.
  const drawn: Axis = kind === 'time' || axis === 'time' ? 'duration' : kind;
  const range = useMemo(
    () => (zoom?.axis === drawn ? ([zoom.from, zoom.to] as [number, number]) : null),
    [zoom, drawn],
  );
  const data = useSame(useDetail(overview, drawn, near ? range : null));
  const words = useMemo(() => ({ raw: t('chart.raw'), resumed: t('chart.resumed') }), [t]);
  const { curves, marks, total, held, odd } = useMemo(
    () => drawnOf({ data: (near && data) || [], overview: overview ?? [], runs, tags, smoothing, axis: drawn, words }),
    [near, data, overview, runs, tags, smoothing, drawn, words],
  );
  const setRange = (next: [number, number] | null) =>
    onZoom(next === null ? null : { axis: drawn, from: next[0], to: next[1] });
  const ends = endsOf(curves);
  const shown = range ?? ends;
  const scale = (by: number) => setRange(scaled(shown, ends, (shown[0] + shown[1]) / 2, by));
  return (
    <Card className="min-w-0 px-4 pt-2.5 pb-3">
      <div className="mb-1 flex items-center gap-1">
        <h3 className="mr-auto truncate font-mono text-xs text-ink-2">{title}</h3>
        <IconButton label={t('chart.closer', { title })} onClick={() => scale(0.5)}>
          <ZoomIn className="size-4" aria-hidden />
        </IconButton>
        <IconButton label={t('chart.farther', { title })} disabled={range === null} onClick={() => scale(2)}>
          <ZoomOut className="size-4" aria-hidden />
        </IconButton>
        <IconButton label={t('chart.all', { title })} disabled={range === null} onClick={() => setRange(null)}>
          <Maximize className="size-4" aria-hidden />
        </IconButton>
        <IconButton label={t('chart.table', { title })} pressed={asTable} onClick={() => onTable(!asTable)}>
          <Table2 className="size-4" aria-hidden />
        </IconButton>
      </div>
      <div ref={place}>
        {!near ? (
          <div style={{ height: height ?? 260 }} />
        ) : data ? (
          <>
            <div hidden={asTable}>
              <Plot
                curves={curves}
                axis={drawn}
                logarithmic={logarithmic}
                range={range}
                onRange={setRange}
                hidden={props.hidden}
                onHidden={props.onHidden}
                marks={marks}
                tag={tags[0] ?? ''}
                label={t('chart.of', { tag: title })}
                {...(group ? { group: `${group} ${drawn}` } : {})}
              />
            </div>
            {asTable && <PointsTable curves={curves} axis={drawn} range={range} tag={tags[0] ?? ''} label={title} />}
            <p className="mt-1 min-h-4 text-2xs text-ink-3">
              {[
                ...marks.map(({ x }) => t('chart.resumedAt', { at: xText(drawn, x) })),
                odd > 0 && t('chart.odd', { count: odd, shown: integer(odd), total: integer(held) }),
                held < total && t('chart.reduced', { shown: integer(held), total: integer(total) }),
                logarithmic && hasNoLog(curves) && t('chart.noLog'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </>
        ) : (
          // As high as the curves with one line of legend and one of what is said of them.
          <Skeleton className="h-[267px]" />
        )}
      </div>
    </Card>
  );
}

const hasNoLog = (curves: readonly { y: ArrayLike<number | null> }[]) =>
  curves.some(({ y }) => Array.prototype.some.call(y, (each: number | null) => each !== null && each <= 0));

function endsOf(curves: readonly { x: ArrayLike<number> }[]): [number, number] {
  const ends = curves.flatMap(({ x }) => (x.length > 0 ? [x[0] as number, x[x.length - 1] as number] : []));
  return ends.length === 0 ? [0, 0] : [Math.min(...ends), Math.max(...ends)];
}

/** The list of before as long as it holds the same. */
function useSame<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  const before = useRef(list);
  const isSame = list?.length === before.current?.length && list?.every((each, at) => each === before.current?.[at]);
  if (!isSame) before.current = list;
  return before.current;
}
