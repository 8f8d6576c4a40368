import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { valueText } from '../../lib/config-value.ts';
import { value as text } from '../../lib/format.ts';
import { Skeleton } from '../../ui/page.tsx';
import { ticksOf } from './scale.ts';

type Point = Answer<'followSetting'>['runs'][number];

const size = { height: 240, left: 56, right: 16, top: 12, bottom: 34 };
const tones = { worked: 'var(--good)', mixed: 'var(--warn)', failed: 'var(--bad)' } as const;

/** One setting against what came of it: a point a run, in the colour of its verdict. */
export default function Parameter({ family, setting }: { family: string; setting: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['runs', 'setting', family, setting],
    queryFn: ({ signal }) => api('followSetting', { family, key: setting }, signal),
  });
  const [figure, setFigure] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (!figure) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(240, figure.clientWidth)));
    observer.observe(figure);
    return () => observer.disconnect();
  }, [figure]);
  if (!data) return <Skeleton className="h-60" />;
  const points = data.runs.filter((run): run is Point & { loss: number } => typeof run.loss === 'number' && run.known);
  if (points.length === 0) return <p className="py-16 text-center text-sm text-ink-3">{t('family.noOutcome')}</p>;
  const x = scaleOf(
    points.map(({ value }) => value),
    size.left,
    width - size.right,
  );
  const y = ticksOf(
    points.map(({ loss }) => loss),
    size.height - size.bottom,
    size.top,
  );
  return (
    <figure ref={setFigure}>
      <svg
        viewBox={`0 0 ${width} ${size.height}`}
        height={size.height}
        role="group"
        aria-label={t('family.chart', { setting })}
        className="w-full"
      >
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line x1={size.left} x2={width - size.right} y1={y.at(tick)} y2={y.at(tick)} stroke="var(--line)" />
            <text x={size.left - 8} y={y.at(tick) + 4} textAnchor="end" fontSize={11} fill="var(--ink-3)">
              {text(tick)}
            </text>
          </g>
        ))}
        {x.ticks.map(({ label, at }) => (
          <text key={label} x={at} y={size.height - 14} textAnchor="middle" fontSize={11} fill="var(--ink-3)">
            {label}
          </text>
        ))}
        {points.map((run) => (
          <a
            key={run.id}
            href={`/runs/${run.id}`}
            onClick={(event) => {
              event.preventDefault();
              void navigate({ to: '/runs/$run', params: { run: run.id } });
            }}
          >
            <circle
              cx={x.at(run.value)}
              cy={y.at(run.loss)}
              r={6}
              fill={run.verdict ? tones[run.verdict] : 'var(--panel)'}
              stroke={run.verdict ? 'var(--panel)' : 'var(--ink-3)'}
              strokeWidth={1.5}
            >
              <title>{`${run.name}: ${setting} ${valueText(run.value)}, ${t('compare.loss')} ${text(run.loss)}${run.verdict ? `, ${t(`verdict.${run.verdict}`)}` : ''}`}</title>
            </circle>
          </a>
        ))}
      </svg>
      <figcaption className="flex flex-wrap justify-between gap-2 text-xs text-ink-3">
        <span>{t('family.chartNote', { setting })}</span>
        <span>{t('family.lossNote')}</span>
      </figcaption>
    </figure>
  );
}

/** Numbers by their size (in powers where they span more than a hundredfold), all else side by side. */
function scaleOf(values: Point['value'][], from: number, to: number) {
  if (values.every((value): value is number => typeof value === 'number')) {
    const scale = ticksOf(values, from, to);
    return {
      at: (value: Point['value']) => scale.at(value as number),
      ticks: scale.ticks.map((tick) => ({ label: text(tick), at: scale.at(tick) })),
    };
  }
  const names = [...new Set(values.map(valueText))];
  const at = (value: Point['value']) => from + ((names.indexOf(valueText(value)) + 0.5) / names.length) * (to - from);
  return {
    at,
    ticks: names.map((label, index) => ({
      label: label.slice(0, 24),
      at: from + ((index + 0.5) / names.length) * (to - from),
    })),
  };
}
