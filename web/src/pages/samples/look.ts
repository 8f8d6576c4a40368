/** How samples are looked at, as their address has it. */
export interface Zoom {
  scale: number;
  /** Of the picture's middle, as a part of the frame. */
  x: number;
  y: number;
}

export const whole: Zoom = { scale: 1, x: 0, y: 0 };
const mostScale = 12;

/** No edge comes into the frame. */
export function bounded({ scale, x, y }: Zoom): Zoom {
  const wanted = Math.min(mostScale, Math.max(1, scale));
  const most = (wanted - 1) / 2;
  const within = (value: number) => Math.min(most, Math.max(-most, value));
  return { scale: wanted, x: within(x), y: within(y) };
}

/** `2.5_0.1_-0.25`; nothing where all is seen. */
export function zoomText({ scale, x, y }: Zoom): string | undefined {
  const short = (value: number) => String(Number(value.toFixed(3)));
  return scale <= 1 ? undefined : [scale, x, y].map(short).join('_');
}

export function zoomOf(text: string | undefined): Zoom {
  const [scale = 1, x = 0, y = 0, ...more] = (text ?? '').split('_').map(Number);
  return more.length === 0 && [scale, x, y].every(Number.isFinite) ? bounded({ scale, x, y }) : whole;
}

/** Closer or farther, the point under the pointer staying where it is. @param px, py from the frame's middle, −0.5 to 0.5 */
export function zoomedAt(view: Zoom, factor: number, px = 0, py = 0): Zoom {
  const scale = Math.min(mostScale, Math.max(1, view.scale * factor));
  const grown = scale / view.scale;
  return bounded({ scale, x: px - (px - view.x) * grown, y: py - (py - view.y) * grown });
}

/** Which two of several runs are looked at: `0-2`. */
export function pairOf(text: string | undefined, count: number): [number, number] {
  const [first, second] = (/^(\d{1,2})-(\d{1,2})$/.exec(text ?? '') ?? []).slice(1).map(Number);
  const isPair = first !== undefined && second !== undefined && first !== second && Math.max(first, second) < count;
  return isPair ? [first, second] : [0, 1];
}
