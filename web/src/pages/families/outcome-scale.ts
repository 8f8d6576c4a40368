/** Where points stand: numbers by their size, all else side by side; and apart where they would cover each other. */
import { valueText } from '../../lib/config-value.ts';
import { value as text } from '../../lib/format.ts';
import { ticksOf } from './scale.ts';

export type Plotted = Parameters<typeof valueText>[0];

export interface PlacedScale {
  at: (value: Plotted) => number;
  ticks: { label: string; at: number }[];
}

/** In powers of ten where numbers span more than a hundredfold. */
export function scaleOf(values: readonly Plotted[], from: number, to: number): PlacedScale {
  if (values.every((value): value is number => typeof value === 'number')) {
    const scale = ticksOf(values, from, to);
    return {
      at: (value) => scale.at(value as number),
      ticks: scale.ticks.map((tick) => ({ label: text(tick), at: scale.at(tick) })),
    };
  }
  return namedScale([...new Set(values.map(valueText))], from, to, valueText);
}

/** Names at even distances. */
export function namedScale(
  names: readonly string[],
  from: number,
  to: number,
  nameOf: (value: Plotted) => string,
): PlacedScale {
  const place = (index: number) => from + ((index + 0.5) / names.length) * (to - from);
  return {
    at: (value) => place(names.indexOf(nameOf(value))),
    ticks: names.map((name, index) => ({ label: name, at: place(index) })),
  };
}

/**
 * Moves points that fall together apart, beside each other, and closer where so many would leave the drawing.
 *
 * @param near closer than this they cover each other
 * @param room where the drawing begins and ends
 */
export function spread<P extends { x: number; y: number }>(
  points: readonly P[],
  near: number,
  [from, to]: readonly [number, number],
): P[] {
  const groups: P[][] = [];
  for (const point of points) {
    const group = groups.find(([first]) => first && Math.hypot(first.x - point.x, first.y - point.y) < near);
    if (group) group.push(point);
    else groups.push([point]);
  }
  return groups.flatMap((group) => {
    const step = Math.min(near, (to - from) / Math.max(1, group.length - 1));
    const half = (step * (group.length - 1)) / 2;
    const middle = Math.max(from + half, Math.min(to - half, group[0]?.x ?? 0));
    return group.map((point, index) => ({ ...point, x: middle - half + index * step }));
  });
}
