import type { CurveAxis } from '../../tracker/curves.ts';
import { tickText } from '../charts/scale.ts';

/** What stands at the axis below a chart. */
export function axisTitle(axis: CurveAxis): string {
  return { step: 'steps', time: 'time of training', epoch: 'epochs', images: 'images seen' }[axis];
}

/** A value on that axis: `1200`, `90 s`, `25 m`, `1.5 h`. */
export function axisText(axis: CurveAxis): (value: number) => string {
  if (axis !== 'time') return tickText;
  return (seconds) => {
    if (Math.abs(seconds) < 120) return `${tickText(seconds)} s`;
    if (Math.abs(seconds) < 7200) return `${Number((seconds / 60).toFixed(1))} m`;
    return `${Number((seconds / 3600).toFixed(2))} h`;
  };
}
