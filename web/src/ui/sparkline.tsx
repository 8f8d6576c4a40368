import { memo, useEffect, useRef } from 'react';
import { colour, useDrawnTheme } from '../lib/theme.ts';

/**
 * A curve at the size of a word, drawn on a canvas so that hundreds scroll smoothly. The scale leaves out the highest
 * twentieth: the first steps of a loss would flatten all that follows.
 *
 * @param values one a point, in order; NaN leaves a gap
 */
export const Sparkline = memo(function Sparkline({
  values,
  width = 96,
  height = 24,
  tone = 'series-1',
}: {
  values: readonly number[];
  width?: number;
  height?: number;
  tone?: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useDrawnTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are another theme's
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    canvas.current.width = width * ratio;
    canvas.current.height = height * ratio;
    context.scale(ratio, ratio);
    context.clearRect(0, 0, width, height);
    const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
    if (finite.length < 2) return;
    const low = finite[0] ?? 0;
    const high = finite[Math.floor((finite.length - 1) * 0.95)] ?? low;
    const span = high - low || 1;
    context.beginPath();
    let pen = false;
    for (const [index, value] of values.entries()) {
      if (!Number.isFinite(value)) {
        pen = false;
        continue;
      }
      const x = 1 + (index / Math.max(1, values.length - 1)) * (width - 2);
      const y = 2 + (1 - Math.min(1.05, (value - low) / span)) * (height - 4);
      if (pen) context.lineTo(x, y);
      else context.moveTo(x, y);
      pen = true;
    }
    context.strokeStyle = colour(tone);
    context.lineWidth = 1.25;
    context.lineJoin = 'round';
    context.stroke();
  }, [values, width, height, tone, theme]);
  return <canvas ref={canvas} aria-hidden style={{ width, height }} className="block" />;
});
