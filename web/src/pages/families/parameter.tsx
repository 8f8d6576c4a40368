import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { valueText } from '../../lib/config-value.ts';
import { distinct } from '../../lib/distinct.ts';
import { value as text } from '../../lib/format.ts';
import { Skeleton } from '../../ui/page.tsx';
import { namedScale, type Plotted, scaleOf, spread } from './outcome-scale.ts';

type Run = Answer<'followSetting'>['runs'][number];

const size = { height: 272, left: 76, right: 16, top: 12, bottom: 52 };
const tones = { worked: 'var(--good)', mixed: 'var(--warn)', failed: 'var(--bad)' } as const;
const verdicts = ['failed', 'mixed', 'worked'] as const;

/** One setting against what came of it: a point a run, in the colour of its verdict, that leads to the run. */
export default function Parameter({
  family,
  setting,
  against,
}: {
  family: string;
  setting: string;
  against: 'loss' | 'verdict';
}) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['runs', 'setting', family, setting],
    queryFn: ({ signal }) => api('followSetting', { family, key: setting }, signal),
  });
  const runs = useMemo(
    () =>
      distinct(data?.runs ?? []).filter(
        ({ known, loss, verdict }) => known && (against === 'loss' ? typeof loss === 'number' : verdict !== null),
      ),
    [data, against],
  );
  if (!data) return <Skeleton className="h-79 max-sm:h-84" />;
  if (runs.length === 0) {
    return (
      <p className="py-16 text-center text-sm text-ink-3">
        {t(against === 'loss' ? 'family.noOutcome' : 'family.noVerdict')}
      </p>
    );
  }
  return <Chart runs={runs} setting={setting} against={against} />;
}

function Chart({ runs, setting, against }: { runs: readonly Run[]; setting: string; against: 'loss' | 'verdict' }) {
  const { t } = useTranslation();
  const [figure, setFigure] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(640);
  const [seen, setSeen] = useState<string | null>(null);
  /** Tab comes to one point, arrows go from it to the next. */
  const [stop, setStop] = useState<string | null>(null);
  useEffect(() => {
    if (!figure) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(240, figure.clientWidth)));
    observer.observe(figure);
    return () => observer.disconnect();
  }, [figure]);
  const outcome = (run: Run): Plotted => (against === 'loss' ? (run.loss as number) : run.verdict);
  const { x, y, points } = useMemo(() => {
    const x = scaleOf(
      runs.map(({ value }) => value),
      size.left,
      width - size.right,
    );
    const [bottom, top] = [size.height - size.bottom, size.top];
    const y =
      against === 'loss'
        ? scaleOf(
            runs.map(({ loss }) => loss),
            bottom,
            top,
          )
        : namedScale(verdicts, bottom, top, String);
    const placed = runs.map((run) => ({
      run,
      x: x.at(run.value),
      y: y.at(against === 'loss' ? run.loss : run.verdict),
    }));
    return { x, y, points: spread(placed, 13, [size.left, width - size.right]) };
  }, [runs, width, against]);
  const outcomeName = t(against === 'loss' ? 'family.lastLoss' : 'run.verdict');
  const inOrder = useMemo(() => points.toSorted((a, b) => a.x - b.x || a.y - b.y), [points]);
  const stopAt = Math.max(
    0,
    inOrder.findIndex(({ run }) => run.id === stop),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const last = inOrder.length - 1;
    const ways: Record<string, number> = {
      ArrowRight: Math.min(last, stopAt + 1),
      ArrowLeft: Math.max(0, stopAt - 1),
      Home: 0,
      End: last,
    };
    const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : ways[event.key];
    const id = next === undefined ? undefined : inOrder[next]?.run.id;
    if (id === undefined) return;
    event.preventDefault();
    figure?.querySelector<SVGAElement>(`[data-run="${id}"]`)?.focus();
  };
  const told = points.find(({ run }) => run.id === seen);
  const outcomeText = (run: Run) =>
    against === 'loss' ? text(outcome(run) as number) : run.verdict ? t(`verdict.${run.verdict}`) : '';
  return (
    <figure ref={setFigure} className="relative">
      <svg
        viewBox={`0 0 ${width} ${size.height}`}
        height={size.height}
        role="group"
        aria-label={t('family.chart', { setting, outcome: outcomeName })}
        className="w-full overflow-visible"
        onKeyDown={onKeyDown}
      >
        {y.ticks.map(({ label, at }) => (
          <g key={label}>
            <line x1={size.left} x2={width - size.right} y1={at} y2={at} stroke="var(--line)" />
            <text x={size.left - 8} y={at + 4} textAnchor="end" fontSize={11} fill="var(--ink-3)">
              {against === 'verdict' ? t(`verdict.${label as 'worked'}`) : label}
            </text>
          </g>
        ))}
        {fitting(x.ticks, width).map(({ label, at }) => (
          <text
            key={label}
            x={at}
            y={size.height - size.bottom + 18}
            textAnchor="middle"
            fontSize={11}
            fill="var(--ink-3)"
          >
            {label}
          </text>
        ))}
        <text
          x={(size.left + width - size.right) / 2}
          y={size.height - 10}
          textAnchor="middle"
          fontSize={12}
          fill="var(--ink-2)"
        >
          {setting}
        </text>
        <text
          transform={`translate(13 ${(size.top + size.height - size.bottom) / 2}) rotate(-90)`}
          textAnchor="middle"
          fontSize={12}
          fill="var(--ink-2)"
        >
          {outcomeName}
        </text>
        {points.map(({ run, x, y }) => (
          <Point
            key={run.id}
            run={run}
            x={x}
            y={y}
            label={[
              `${run.name}: ${setting} ${valueText(run.value)}`,
              typeof run.loss === 'number' && `${t('compare.loss')} ${text(run.loss)}`,
              run.verdict && t(`verdict.${run.verdict}`),
            ]
              .filter(Boolean)
              .join(', ')}
            isStop={run.id === inOrder[stopAt]?.run.id}
            onSeen={setSeen}
            onStop={setStop}
          />
        ))}
      </svg>
      {told && (
        <div
          aria-hidden
          className="pointer-events-none absolute z-10 max-w-56 -translate-x-1/2 -translate-y-full rounded-lg border border-line bg-panel px-2.5 py-1.5 text-xs shadow-lift"
          style={{ left: Math.min(width - 90, Math.max(90, told.x)), top: told.y - 12 }}
        >
          <p className="font-medium break-words">{told.run.name}</p>
          <p className="text-ink-2">
            {setting} <span className="font-mono">{valueText(told.run.value)}</span> · {outcomeText(told.run)}
          </p>
        </div>
      )}
      <figcaption className="mt-1 flex flex-wrap justify-between gap-2 text-xs text-ink-3">
        <span className="flex flex-wrap gap-x-3">
          {verdicts.toReversed().map((verdict) => (
            <span key={verdict} className="flex items-center gap-1.5">
              <span aria-hidden className="size-2.5 rounded-full" style={{ background: tones[verdict] }} />
              {t(`verdict.${verdict}`)}
            </span>
          ))}
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="size-2.5 rounded-full border-[1.5px] border-ink-3" />
            {t('runs.noVerdict')}
          </span>
        </span>
        {against === 'loss' && <span>{t('family.lossNote')}</span>}
      </figcaption>
    </figure>
  );
}

function Point({
  run,
  x,
  y,
  label,
  isStop,
  onSeen,
  onStop,
}: {
  run: Run;
  x: number;
  y: number;
  label: string;
  /** Tab comes to it. */
  isStop: boolean;
  onSeen: (run: string | null) => void;
  onStop: (run: string) => void;
}) {
  const router = useRouter();
  const to = { to: '/runs/$run' as const, params: { run: run.id } };
  return (
    <a
      href={router.history.createHref(router.buildLocation(to).href)}
      aria-label={label}
      data-run={run.id}
      tabIndex={isStop ? 0 : -1}
      className="group outline-none"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        void router.navigate(to);
      }}
      onPointerEnter={() => onSeen(run.id)}
      onPointerLeave={() => onSeen(null)}
      onFocus={() => {
        onSeen(run.id);
        onStop(run.id);
      }}
      onBlur={() => onSeen(null)}
    >
      {/* As large as a finger needs it. */}
      <circle cx={x} cy={y} r={12} fill="transparent" />
      <circle
        cx={x}
        cy={y}
        r={10}
        fill="none"
        stroke="var(--accent)"
        strokeWidth={2}
        className="opacity-0 group-focus-visible:opacity-100"
      />
      <circle
        cx={x}
        cy={y}
        r={6}
        fill={run.verdict ? tones[run.verdict] : 'var(--panel)'}
        stroke={run.verdict ? 'var(--panel)' : 'var(--ink-3)'}
        strokeWidth={1.5}
      />
    </a>
  );
}

/** Labels that have room: about seven pixels a letter. */
function fitting(ticks: readonly { label: string; at: number }[], width: number) {
  const each = Math.max(3, Math.floor(width / Math.max(1, ticks.length) / 7));
  return ticks.map(({ label, at }) => ({
    at,
    label: label.length > each ? `${label.slice(0, each - 1)}…` : label,
  }));
}
