import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { loadPart } from '../lib/load-part.ts';

export type Later<Props extends object> = ((props: Props) => ReactNode) & {
  /** Has it loaded before it is drawn. */
  preload(): Promise<void>;
};

/**
 * A part that is loaded when it is first drawn. `lazy` within `Suspense` does the same, but React holds what has come
 * back until 300 ms after it began to show that it waits: what takes 20 ms to load would take 300. And it keeps a
 * failure for good.
 *
 * @param waiting what holds its place meanwhile
 */
export function later<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  waiting: ReactNode = null,
): Later<Props> {
  let Loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const loaded = () => {
    loading ??= loadPart(load).then(
      (part) => {
        Loaded = part.default;
      },
      (error: unknown) => {
        // Whoever tries again has it asked for again.
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  function Later(props: Props) {
    const [, redraw] = useState(false);
    const [failure, setFailure] = useState<unknown>(null);
    useEffect(() => {
      if (Loaded === null) loaded().then(() => redraw(true), setFailure);
    }, []);
    if (failure !== null) throw failure;
    return Loaded === null ? waiting : <Loaded {...props} />;
  }
  // Who draws it is told of a failure.
  return Object.assign(Later, { preload: () => loaded().catch(() => {}) });
}
