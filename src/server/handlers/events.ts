import type { ServerContext } from '../context.ts';
import type { Some } from '../handler.ts';

export function eventsHandlers({ hub, followed }: ServerContext): Some<'events'> {
  return {
    async events({ run, lastEventId, once = false }, { header }) {
      await followed;
      const after = header('last-event-id') ?? lastEventId ?? null;
      const stream = hub.subscribe({ after, runs: new Set(run), once });
      return new Response(stream, {
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        },
      });
    },
  };
}
