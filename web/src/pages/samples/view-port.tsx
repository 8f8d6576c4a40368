import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';

interface View {
  scale: number;
  /** Of the picture's middle, as a part of the frame. */
  x: number;
  y: number;
}

const whole: View = { scale: 1, x: 0, y: 0 };
const Shared = createContext<{ view: View; change: (view: View) => void } | null>(null);

/** Pictures within it are zoomed and moved together. */
export function SharedView({ children }: { children: ReactNode }) {
  const [view, change] = useState<View>(whole);
  const value = useMemo(() => ({ view, change }), [view]);
  return <Shared.Provider value={value}>{children}</Shared.Provider>;
}

/** How far it is zoomed, and the way back. */
export function useZoom(): { zoomed: boolean; reset: () => void } {
  const shared = useContext(Shared);
  return { zoomed: (shared?.view.scale ?? 1) > 1, reset: () => shared?.change(whole) };
}

/** A frame in which the wheel (with Ctrl or pinching) zooms, dragging moves, a double click fits again. */
export function ViewPort({ className, children }: { className?: string; children: ReactNode }) {
  const shared = useContext(Shared);
  const frame = useRef<HTMLDivElement>(null);
  const current = useRef(shared);
  current.current = shared;
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const zoom = (event: WheelEvent) => {
      const at = current.current;
      if (!at || (!event.ctrlKey && !event.metaKey && at.view.scale === 1)) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const scale = Math.min(12, Math.max(1, at.view.scale * Math.exp(-event.deltaY / 240)));
      // The point beneath the pointer stays where it is.
      const px = (event.clientX - box.left) / box.width - 0.5;
      const py = (event.clientY - box.top) / box.height - 0.5;
      const grown = scale / at.view.scale;
      at.change(bounded({ scale, x: px - (px - at.view.x) * grown, y: py - (py - at.view.y) * grown }));
    };
    element.addEventListener('wheel', zoom, { passive: false });
    return () => element.removeEventListener('wheel', zoom);
  }, []);
  const view = shared?.view ?? whole;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what the pointer does here, the page's buttons do too
    <div
      ref={frame}
      className={`relative overflow-hidden ${view.scale > 1 ? 'cursor-grab touch-none active:cursor-grabbing' : ''} ${className ?? ''}`}
      onPointerDown={(event) => {
        if (view.scale > 1) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (view.scale === 1 || event.buttons !== 1) return;
        const box = event.currentTarget.getBoundingClientRect();
        shared?.change(
          bounded({ ...view, x: view.x + event.movementX / box.width, y: view.y + event.movementY / box.height }),
        );
      }}
      onDoubleClick={() => shared?.change(view.scale > 1 ? whole : { scale: 2.5, x: 0, y: 0 })}
    >
      <div
        className="size-full"
        style={{ transform: `translate(${view.x * 100}%, ${view.y * 100}%) scale(${view.scale})` }}
      >
        {children}
      </div>
    </div>
  );
}

/** No edge comes into the frame. */
function bounded({ scale, x, y }: View): View {
  const most = (scale - 1) / 2;
  const within = (value: number) => Math.min(most, Math.max(-most, value));
  return { scale, x: within(x), y: within(y) };
}
