import { useTranslation } from 'react-i18next';
import { integer } from '../lib/format.ts';
import type { Axis, Curve } from './plot.tsx';
import { valueAt, xText } from './values.ts';

/** So many rows are shown; a part that is zoomed into has fewer. */
const most = 500;

/** The points of a chart in numbers, for who does not see curves, and for who wants them exactly. */
export default function PointsTable({
  curves,
  axis,
  range,
  tag,
  label,
}: {
  curves: readonly Curve[];
  axis: Axis;
  range: readonly [number, number] | null;
  tag: string;
  label: string;
}) {
  const { t } = useTranslation();
  const places = [...new Set(curves.flatMap(({ x }) => Array.from(x)))]
    .filter((x) => range === null || (x >= range[0] && x <= range[1]))
    .sort((a, b) => a - b);
  return (
    <>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
        role="region"
        aria-label={label}
        className="h-61 overflow-auto rounded-lg border border-line text-xs tabular-nums"
      >
        <table className="w-full">
          <thead className="sticky top-0 bg-panel text-left text-ink-3">
            <tr>
              <th scope="col" className="border-b border-line px-2 py-1 font-normal">
                {t(`chart.x.${axis}`)}
              </th>
              {curves.map(({ label }) => (
                <th key={label} scope="col" className="border-b border-line px-2 py-1 font-normal">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.slice(0, most).map((x) => (
              <tr key={x}>
                <th scope="row" className="px-2 py-0.5 text-left font-normal text-ink-3">
                  {xText(axis, x)}
                </th>
                {curves.map((curve) => (
                  <td key={curve.label} className="px-2 py-0.5">
                    {has(curve, x) ? valueAt(curve, x, tag) : ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {places.length > most && (
        <p className="mt-1 text-2xs text-ink-3">
          {t('chart.rows', { shown: integer(most), total: integer(places.length) })}
        </p>
      )}
    </>
  );
}

/** Whether a curve has a point just there. */
function has({ x }: Curve, at: number): boolean {
  let [low, high] = [0, x.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return x[low] === at;
}
