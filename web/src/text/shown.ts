import { visible } from './visible.ts';

/** What is read of an element besides what stands in it. */
const spoken = ['title', 'aria-label', 'alt'] as const;

/** The properties of an element with all that is shown of it made visible; the same ones where nothing hides. */
export function shown<P>(props: P): P {
  const given = props as Record<string, unknown>;
  let made: Record<string, unknown> | null = null;
  for (const key of ['children', ...spoken]) {
    const clean = textIn(given[key]);
    if (clean !== given[key]) made = { ...(made ?? given), [key]: clean };
  }
  return (made ?? props) as P;
}

function textIn(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (!Array.isArray(value)) return value;
  const clean = value.map(textIn);
  return clean.some((each, index) => each !== value[index]) ? clean : value;
}
