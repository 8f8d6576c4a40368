import { useTranslation } from 'react-i18next';
import { useActions } from '../lib/actions.ts';
import { Button } from '../ui/button.tsx';
import { Segments } from '../ui/segments.tsx';

/** How charts are drawn: smoothing, scale, axis. */
export function ChartControls({
  smoothing,
  onSmoothing,
  logarithmic,
  onLogarithmic,
  axis,
  onAxis,
  previous = null,
  onPrevious,
}: {
  smoothing: number;
  onSmoothing: (smoothing: number) => void;
  logarithmic: boolean;
  onLogarithmic: (logarithmic: boolean) => void;
  axis: 'step' | 'time';
  onAxis: (axis: 'step' | 'time') => void;
  /** The version before, and whether it is drawn behind. */
  previous?: { name: string; shown: boolean } | null;
  onPrevious?: (shown: boolean) => void;
}) {
  const { t } = useTranslation();
  useActions([
    { label: `${t('run.tab.charts')}: ${t('chart.log')}`, act: () => onLogarithmic(!logarithmic) },
    ...(axis === 'step'
      ? [{ label: `${t('run.tab.charts')}: ${t('chart.byTime')}`, act: () => onAxis('time') }]
      : [{ label: `${t('run.tab.charts')}: ${t('chart.byStep')}`, act: () => onAxis('step') }]),
    { label: `${t('run.tab.charts')}: ${t('chart.unsmoothed')}`, act: () => onSmoothing(0) },
    ...(previous
      ? [
          {
            label: `${t('run.tab.charts')}: ${t('chart.behind', { name: previous.name })}`,
            act: () => onPrevious?.(!previous.shown),
          },
        ]
      : []),
  ]);
  return (
    <div className="mb-5 flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
      <label className="flex items-center gap-2">
        <span className="text-ink-2">{t('chart.smoothing')}</span>
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          onChange={(event) => onSmoothing(Number(event.target.value))}
          className="w-32 accent-accent"
        />
        <output className="w-8 text-xs text-ink-3 tabular-nums">{smoothing.toFixed(2)}</output>
      </label>
      <Button pressed={logarithmic} onClick={() => onLogarithmic(!logarithmic)}>
        {t('chart.log')}
      </Button>
      <Segments
        label={t('chart.axis')}
        value={axis}
        onChange={onAxis}
        options={[
          { value: 'step', label: t('chart.byStep') },
          { value: 'time', label: t('chart.byTime') },
        ]}
      />
      {previous && (
        <Button pressed={previous.shown} onClick={() => onPrevious?.(!previous.shown)} className="min-w-0 shrink px-3">
          <span aria-hidden className="w-3 shrink-0 border-t-2 border-dashed border-ink-3" />
          <span className="truncate">{t('chart.behind', { name: previous.name })}</span>
        </Button>
      )}
    </div>
  );
}
