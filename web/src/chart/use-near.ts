import { type RefObject, useEffect, useState } from 'react';

interface Near {
  near: boolean;
  /** In pixels, when it was last seen; null before. */
  height: number | null;
}

/** Whether an element is in view, or would be after a turn of the wheel. */
export function useNear(place: RefObject<Element | null>): Near {
  const [found, setFound] = useState<Near>({ near: false, height: null });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        const last = entries.at(-1);
        if (last) setFound({ near: last.isIntersecting, height: last.boundingClientRect.height });
      },
      { rootMargin: '600px 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return found;
}
