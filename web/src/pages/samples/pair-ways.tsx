import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Caption } from './caption.tsx';
import type { Found, SampleRun } from './grid.ts';
import { Picture } from './picture.tsx';
import { RunDot } from './run-dot.tsx';
import { useZoom, ViewPort } from './view-port.tsx';

interface Side {
  run: SampleRun;
  colour: number;
  found: Found | null;
}
export type Two = readonly [Side, Side];

interface WayProps {
  two: Two;
  /** Width over height. */
  ratio: number;
}

const blinkMs = 700;

/** A frame as large as the window lets it be. */
function Frame({ ratio, className, children }: { ratio: number; className?: string; children: ReactNode }) {
  return (
    <div
      className={classes('relative isolate mx-auto overflow-hidden rounded-lg bg-sunken', className)}
      style={{ aspectRatio: ratio, maxWidth: `max(14rem, calc((100dvh - 19rem) * ${ratio}))` }}
    >
      {children}
    </div>
  );
}

const PictureOf = ({ side: { run, found } }: { side: Side }) => <Picture run={run.id} sample={found?.sample} large />;

function Names({ two, ratio, children }: WayProps & { children?: ReactNode }) {
  return (
    <div
      className="mx-auto mt-2 flex flex-wrap items-start gap-x-3 gap-y-1 text-xs text-ink-3"
      style={{ maxWidth: `max(14rem, calc((100dvh - 19rem) * ${ratio}))` }}
    >
      {two.map((side, at) => (
        <div key={side.run.id} className={classes('min-w-0 flex-1', at === 1 && 'order-last flex flex-col items-end')}>
          <RunDot index={side.colour} name={side.run.name} className="max-w-full text-ink-2" />
          <Caption found={side.found} />
        </div>
      ))}
      {children}
    </div>
  );
}

/** The second behind a line that is dragged over the picture. */
export function Slider(props: WayProps) {
  const { t } = useTranslation();
  const { two, ratio } = props;
  const { scale } = useZoom();
  const [at, setAt] = useState(50);
  const held = useRef(false);
  const drag = (event: React.PointerEvent) => {
    if (!held.current || scale > 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    setAt(Math.round(Math.min(100, Math.max(0, ((event.clientX - box.left) / box.width) * 100))));
  };
  return (
    <>
      <Frame ratio={ratio}>
        <div
          className={classes('size-full', scale === 1 && 'cursor-col-resize touch-pan-y')}
          onPointerDown={(event) => {
            // Two fingers zoom.
            held.current = event.isPrimary;
            drag(event);
          }}
          onPointerMove={drag}
          onPointerUp={() => {
            held.current = false;
          }}
          onPointerLeave={() => {
            held.current = false;
          }}
        >
          <ViewPort className="size-full">
            <PictureOf side={two[0]} />
          </ViewPort>
        </div>
        <div className="pointer-events-none absolute inset-0 bg-sunken" style={{ clipPath: `inset(0 0 0 ${at}%)` }}>
          <ViewPort className="size-full">
            <PictureOf side={two[1]} />
          </ViewPort>
        </div>
        <div
          aria-hidden
          className="pointer-events-none absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white shadow-[0_0_0_1px_rgb(0_0_0/0.35)]"
          style={{ left: `${at}%` }}
        />
      </Frame>
      <Names {...props}>
        <input
          type="range"
          aria-label={t('samples.divide')}
          min={0}
          max={100}
          value={at}
          onChange={(event) => setAt(Number(event.target.value))}
          className="min-w-24 flex-1 accent-accent max-sm:order-first max-sm:basis-full"
        />
      </Names>
    </>
  );
}

export function SideBySide({ two, ratio }: WayProps) {
  return (
    <div className="mx-auto grid max-w-[200rem] grid-cols-1 gap-3 sm:grid-cols-2">
      {two.map((side) => (
        <figure key={side.run.id} className="min-w-0">
          <Frame ratio={ratio}>
            <ViewPort className="size-full">
              <PictureOf side={side} />
            </ViewPort>
          </Frame>
          <figcaption className="mt-1 flex flex-col items-center text-xs text-ink-3">
            <RunDot index={side.colour} name={side.run.name} className="max-w-full text-ink-2" />
            <Caption found={side.found} />
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

/** In turns; still where motion is to be reduced, and by the space bar. */
export function Blink({ two, ratio }: WayProps) {
  const { t } = useTranslation();
  const [second, setSecond] = useState(false);
  const [still, setStill] = useState(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  useEffect(() => {
    if (still) return;
    const timer = setInterval(() => setSecond((before) => !before), blinkMs);
    return () => clearInterval(timer);
  }, [still]);
  const turn = () => {
    setStill(true);
    setSecond(!second);
  };
  useKeys({ ' ': turn });
  const seen = two[second ? 1 : 0];
  return (
    <>
      <Frame ratio={ratio}>
        <ViewPort className="size-full">
          {two.map((side) => (
            <div
              key={side.run.id}
              className="absolute inset-0"
              style={{ visibility: side === seen ? 'visible' : 'hidden' }}
            >
              <PictureOf side={side} />
            </div>
          ))}
        </ViewPort>
      </Frame>
      <div className="mt-2 flex flex-col items-center gap-1 text-xs text-ink-3">
        <RunDot index={seen.colour} name={seen.run.name} className="max-w-full font-medium text-ink" />
        <Caption found={seen.found} />
        <div className="flex gap-2">
          <Button onClick={() => setStill(!still)}>{t(still ? 'samples.blinkGo' : 'samples.blinkStop')}</Button>
          <Button look="quiet" onClick={turn}>
            {t('samples.turn')}
          </Button>
        </div>
      </div>
    </>
  );
}

/** What is the same is black; what differs can be made brighter. */
export function Difference(props: WayProps) {
  const { t } = useTranslation();
  const [times, setTimes] = useState(1);
  return (
    <>
      <Frame ratio={props.ratio} className="bg-black!">
        <ViewPort className="size-full">
          <div className="relative isolate size-full" style={{ filter: `brightness(${times})` }}>
            <div className="absolute inset-0">
              <PictureOf side={props.two[0]} />
            </div>
            <div className="absolute inset-0 mix-blend-difference">
              <PictureOf side={props.two[1]} />
            </div>
          </div>
        </ViewPort>
      </Frame>
      <Names {...props}>
        <label className="flex items-center gap-2 max-sm:order-first max-sm:basis-full">
          {t('samples.brighter')}
          <input
            type="range"
            min={1}
            max={16}
            value={times}
            onChange={(event) => setTimes(Number(event.target.value))}
            className="min-w-20 flex-1 accent-accent"
          />
          <output className="w-8 tabular-nums">×{times}</output>
        </label>
      </Names>
    </>
  );
}
