import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { useKeys } from '../../lib/keys.ts';
import { classes } from '../../ui/classes.ts';
import { bounded, whole, type Zoom, zoomedAt, zoomOf, zoomText } from './look.ts';

/** A finger, or the mouse, and the frame that it went down on. */
interface Finger {
  x: number;
  y: number;
  frame: Element;
}

interface Shared {
  get: () => Zoom;
  change: (view: Zoom) => void;
  listen: (listener: () => void) => () => void;
  /** Of all frames: two fingers seldom come down on the same small one. By pointer, the first first. */
  fingers: Map<number, Finger>;
}

const nothing: Shared = { get: () => whole, change: () => {}, listen: () => () => {}, fingers: new Map() };
const Context = createContext<Shared>(nothing);
/** An address is written once the pictures stand still. */
const restMs = 250;
const step = 1.35;

/**
 * Pictures within it are zoomed and moved together: by wheel with Ctrl, by two fingers, by dragging, and by the keys
 * `+`, `-`, `0` and Shift with arrows. What changes are three custom properties, so that a thousand frames follow without
 * being drawn anew by React.
 */
export function SharedView({
  zoom,
  onZoom,
  children,
}: {
  /** As the address has it. */
  zoom: string | undefined;
  onZoom: (zoom: string | undefined) => void;
  children: ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<Zoom>(whole);
  const listeners = useRef(new Set<() => void>());
  const told = useRef(onZoom);
  told.current = onZoom;
  const written = useRef(zoom);
  const show = useCallback((next: Zoom) => {
    view.current = next;
    const style = place.current?.style;
    style?.setProperty('--zoom', String(next.scale));
    style?.setProperty('--pan-x', String(next.x));
    style?.setProperty('--pan-y', String(next.y));
    place.current?.toggleAttribute('data-zoomed', next.scale > 1);
    for (const each of listeners.current) each();
  }, []);
  const shared = useMemo((): Shared => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    return {
      get: () => view.current,
      fingers: new Map(),
      listen: (listener) => {
        listeners.current.add(listener);
        return () => void listeners.current.delete(listener);
      },
      change: (next) => {
        show(next);
        clearTimeout(waiting);
        waiting = setTimeout(() => {
          written.current = zoomText(view.current);
          told.current(written.current);
        }, restMs);
      },
    };
  }, [show]);
  // Another address was opened: not the one that was written here.
  useLayoutEffect(() => {
    if (zoom !== written.current || view.current === whole) show(zoomOf(zoom));
    written.current = zoom;
  }, [zoom, show]);
  const by = (factor: number) => shared.change(zoomedAt(view.current, factor));
  const move = (x: number, y: number) => {
    const { scale } = view.current;
    shared.change(bounded({ scale, x: view.current.x + x, y: view.current.y + y }));
  };
  useKeys({
    '+': () => by(step),
    '=': () => by(step),
    '-': () => by(1 / step),
    0: () => shared.change(whole),
    'shift+ArrowLeft': () => move(0.1, 0),
    'shift+ArrowRight': () => move(-0.1, 0),
    'shift+ArrowUp': () => move(0, 0.1),
    'shift+ArrowDown': () => move(0, -0.1),
  });
  return (
    <div ref={place} className="group/zoom contents">
      <Context.Provider value={shared}>{children}</Context.Provider>
    </div>
  );
}

/** How far it is zoomed, and the ways in and out for buttons. */
export function useZoom(): { scale: number; closer: () => void; farther: () => void; reset: () => void } {
  const shared = useContext(Context);
  const scale = useSyncExternalStore(shared.listen, () => shared.get().scale);
  return {
    scale,
    closer: () => shared.change(zoomedAt(shared.get(), step)),
    farther: () => shared.change(zoomedAt(shared.get(), 1 / step)),
    reset: () => shared.change(whole),
  };
}

/** Whether pictures of so many pixels are looked at closer than their previews can bear. */
export function useIsClose(pixels: number): boolean {
  const shared = useContext(Context);
  return useSyncExternalStore(shared.listen, () => pixels * shared.get().scale > 300);
}

/** A frame in which the wheel (with Ctrl or pinching) zooms, dragging moves, a double click fits again. */
export function ViewPort({ className, children }: { className?: string; children: ReactNode }) {
  const shared = useContext(Context);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const zoom = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { x, y } = within(element, event.clientX, event.clientY);
      shared.change(zoomedAt(shared.get(), Math.exp(-event.deltaY / 240), x, y));
    };
    // Two fingers are the pictures', also where they move as one would to scroll.
    const keep = (event: TouchEvent) => event.touches.length > 1 && event.cancelable && event.preventDefault();
    element.addEventListener('wheel', zoom, { passive: false });
    element.addEventListener('touchmove', keep, { passive: false });
    return () => {
      element.removeEventListener('wheel', zoom);
      element.removeEventListener('touchmove', keep);
    };
  }, [shared]);

  const move = (event: React.PointerEvent<HTMLDivElement>) => {
    const { fingers } = shared;
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    const view = shared.get();
    if (other) {
      const far = (x: number, y: number) => Math.max(8, Math.hypot(x - other.x, y - other.y));
      const factor = far(event.clientX, event.clientY) / far(before.x, before.y);
      const [first = before] = fingers.values();
      const middle = ({ x, y }: { x: number; y: number }) => within(first.frame, (x + other.x) / 2, (y + other.y) / 2);
      const [from, to] = [middle(before), middle({ x: event.clientX, y: event.clientY })];
      const { scale, x, y } = zoomedAt(view, factor, from.x, from.y);
      shared.change(bounded({ scale, x: x + to.x - from.x, y: y + to.y - from.y }));
    } else if (view.scale > 1) {
      const box = event.currentTarget.getBoundingClientRect();
      const [x, y] = [(event.clientX - before.x) / box.width, (event.clientY - before.y) / box.height];
      shared.change(bounded({ scale: view.scale, x: view.x + x, y: view.y + y }));
    }
    fingers.set(event.pointerId, { ...before, x: event.clientX, y: event.clientY });
  };
  const release = (event: React.PointerEvent) => shared.fingers.delete(event.pointerId);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what the pointer does here, keys and the page's buttons do too
    <div
      ref={frame}
      className={classes(
        'relative touch-pan-x touch-pan-y overflow-hidden',
        'group-data-zoomed/zoom:cursor-grab group-data-zoomed/zoom:touch-none group-data-zoomed/zoom:active:cursor-grabbing',
        className,
      )}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        // One that was never lifted here: its frame had gone.
        if (event.isPrimary) shared.fingers.clear();
        const { clientX: x, clientY: y, currentTarget: frame } = event;
        shared.fingers.set(event.pointerId, { x, y, frame });
        if (shared.get().scale > 1) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
      onPointerLeave={release}
      onDoubleClick={(event) => {
        const { x, y } = within(event.currentTarget, event.clientX, event.clientY);
        shared.change(shared.get().scale > 1 ? whole : zoomedAt(whole, 2.5, x, y));
      }}
    >
      <div
        className="size-full"
        style={{
          transform: 'translate(calc(var(--pan-x, 0) * 100%), calc(var(--pan-y, 0) * 100%)) scale(var(--zoom, 1))',
        }}
      >
        {children}
      </div>
    </div>
  );
}

/** Where a point of the screen lies from the middle of a frame, in its widths and heights. */
function within(element: Element, clientX: number, clientY: number): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  return { x: (clientX - box.left) / box.width - 0.5, y: (clientY - box.top) / box.height - 0.5 };
}
