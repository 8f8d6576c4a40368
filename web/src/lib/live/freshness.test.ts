import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { Freshness } from './freshness.ts';

/** A page that looks at one answer, which a test gives when it wants. */
function page() {
  const client = new QueryClient();
  const asked: PromiseWithResolvers<string>[] = [];
  const queryFn = () => {
    const one = Promise.withResolvers<string>();
    asked.push(one);
    return one.promise;
  };
  const observer = new QueryObserver(client, { queryKey: ['run', 'a'], queryFn, staleTime: Number.POSITIVE_INFINITY });
  const shown: (string | undefined)[] = [];
  const leave = observer.subscribe(({ data }) => shown.push(data));
  return { freshness: new Freshness(client), asked, shown, leave };
}

const times = (asked: readonly unknown[], count: number) => vi.waitFor(() => expect(asked).toHaveLength(count));

describe('an answer that an event says is out of date', () => {
  it('is asked again, also where the event came before the first answer', async () => {
    const { freshness, asked, shown, leave } = page();
    freshness.ask(['run']);
    asked[0]?.resolve('as it was before the event, maybe');
    await times(asked, 2);
    asked[1]?.resolve('new');
    await vi.waitFor(() => expect(shown.at(-1)).toBe('new'));
    leave();
  });

  it('is asked once for a flood of events, and once more for those that came meanwhile', async () => {
    const { freshness, asked, shown, leave } = page();
    asked[0]?.resolve('first');
    await vi.waitFor(() => expect(shown.at(-1)).toBe('first'));
    for (let i = 0; i < 100; i++) freshness.ask(['run']);
    await times(asked, 2);
    for (let i = 0; i < 100; i++) freshness.ask(['run']);
    asked[1]?.resolve('second');
    await times(asked, 3);
    asked[2]?.resolve('third');
    await vi.waitFor(() => expect(shown.at(-1)).toBe('third'));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(asked).toHaveLength(3);
    leave();
  });
});
