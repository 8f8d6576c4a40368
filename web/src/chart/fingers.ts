/**
 * A chart by touch, of which its library knows nothing but taps: one finger moved sideways takes the crosshair along, two
 * zoom and move the axis. Up and down, a finger scrolls the page as everywhere.
 */
import type uPlot from 'uplot';
import { spread } from './zoom.ts';

interface Told {
  /** The ends of all there is. */
  all(): readonly [number, number];
  onRange(range: [number, number] | null): void;
}

/** Closer together than this, in pixels, two fingers are one. */
const least = 24;

/** @returns ends it */
export function followFingers(plot: uPlot, { all, onRange }: Told): () => void {
  const { over } = plot;
  const fingers = new Map<number, number>();
  /** The values under both fingers when the second came down. */
  let held: [number, number] | null = null;
  let range: [number, number] | null | undefined;
  const placeOf = (event: PointerEvent) => event.clientX - over.getBoundingClientRect().left;
  const lift = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    held = null;
    // The address is written once, not with every frame.
    if (range !== undefined) onRange(range);
    range = undefined;
  };
  const move = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, placeOf(event));
    const [first = 0, second] = fingers.values();
    if (held && second !== undefined) {
      if (Math.abs(second - first) < least) return;
      range = spread(held, [first / over.clientWidth, second / over.clientWidth], all());
      const [min, max] = range ?? all();
      plot.setScale('x', { min, max });
    } else if (second === undefined && range === undefined) {
      // Its third parameter, of which the types do not tell, moves the crosshairs of the group.
      const put = plot.setCursor as (at: { left: number; top: number }, fire: boolean, share: boolean) => void;
      put({ left: Math.min(over.clientWidth, Math.max(0, first)), top: over.clientHeight / 2 }, true, true);
    }
  };
  const down = (event: PointerEvent) => {
    if (event.pointerType !== 'touch' || fingers.size > 1) return;
    fingers.set(event.pointerId, placeOf(event));
    const [first = 0, second] = fingers.values();
    if (second !== undefined) held = [plot.posToVal(first, 'x'), plot.posToVal(second, 'x')];
  };
  // Two fingers are this chart's, also where their middle moves up or down.
  const keep = (event: TouchEvent) => event.touches.length > 1 && event.cancelable && event.preventDefault();
  over.style.touchAction = 'pan-y';
  over.addEventListener('pointerdown', down);
  over.addEventListener('pointermove', move);
  over.addEventListener('touchmove', keep, { passive: false });
  for (const end of ['pointerup', 'pointercancel'] as const) over.addEventListener(end, lift);
  return () => {
    for (const end of ['pointerup', 'pointercancel'] as const) over.removeEventListener(end, lift);
    over.removeEventListener('touchmove', keep);
    over.removeEventListener('pointermove', move);
    over.removeEventListener('pointerdown', down);
  };
}
