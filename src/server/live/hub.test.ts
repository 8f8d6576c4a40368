import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../api/events.ts';
import { Hub, usualLimits } from './hub.ts';

const run = '01KTEST0000000000000000000';
const other = '01KTEST0000000000000000001';
const changed = (id = run): LiveEvent => ({ type: 'run.changed', run: id, status: 'running' });
const grew = (samples: number, id = run): LiveEvent => ({ type: 'artifacts', run: id, samples, checkpoints: 0 });

/** Events that a stream has ready, with their ids. */
async function taken(stream: ReadableStream<Uint8Array>, count: number) {
  const reader = stream.getReader();
  const found: { id: string; event: LiveEvent }[] = [];
  while (found.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    const [, id = '', data = ''] = /^id: (.*)\ndata: (.*)\n\n$/s.exec(new TextDecoder().decode(value)) ?? [];
    if (data !== '') found.push({ id, event: JSON.parse(data) });
  }
  await reader.cancel();
  return found;
}

describe('the hub', () => {
  it('tells all of what happens, and details only of the runs that were asked for', async () => {
    const hub = new Hub(() => [run]);
    const one = hub.subscribe({ after: null, runs: new Set([run]) });
    const none = hub.subscribe({ after: null, runs: new Set() });
    hub.publish(grew(10));
    hub.publish(grew(20, other));
    hub.publish(changed(other));
    const events = (await taken(one, 3)).map(({ event }) => event);
    expect(events).toEqual([{ type: 'hello', running: [run] }, grew(10), changed(other)]);
    expect((await taken(none, 2)).map(({ event }) => event)).toEqual([
      { type: 'hello', running: [run] },
      changed(other),
    ]);
    expect(hub.streams).toBe(0);
  });

  it('gives whoever was cut off exactly what was missed', async () => {
    const hub = new Hub(() => []);
    for (let i = 0; i < 10; i++) hub.publish(grew(i));
    const all = await taken(hub.subscribe({ after: null, runs: new Set([run]) }), 1);
    for (let i = 10; i < 20; i++) hub.publish(grew(i));
    const after = all[0]?.id as string;
    const rest = await taken(hub.subscribe({ after, runs: new Set([run]) }), 11);
    expect(rest.slice(1).map(({ event }) => event)).toEqual(Array.from({ length: 10 }, (_, i) => grew(10 + i)));
    const again = await taken(hub.subscribe({ after: rest[3]?.id as string, runs: new Set([run]) }), 8);
    expect(again.slice(1).map(({ event }) => event)).toEqual(Array.from({ length: 7 }, (_, i) => grew(13 + i)));
  });

  it('gives nothing twice to whoever was cut off right after the greeting', async () => {
    const hub = new Hub(() => []);
    for (let i = 0; i < 5; i++) hub.publish(grew(i));
    const [hello] = await taken(hub.subscribe({ after: null, runs: new Set([run]) }), 1);
    hub.publish(grew(5));
    const resumed = await taken(hub.subscribe({ after: hello?.id as string, runs: new Set([run]) }), 1);
    const third = await taken(hub.subscribe({ after: resumed[0]?.id as string, runs: new Set([run]) }), 2);
    expect(third.map(({ event }) => event.type)).toEqual(['hello', 'artifacts']);
  });

  it('keeps of what a later event says again only that one', async () => {
    const hub = new Hub(() => [], { ...usualLimits, keptBytes: 20_000 });
    const [hello] = await taken(hub.subscribe({ after: null, runs: new Set() }), 1);
    hub.publish(grew(1));
    for (let size = 1; size <= 1000; size++) for (const id of [run, other]) hub.publish({ type: 'log', run: id, size });
    hub.publish(grew(2));
    const events = await taken(hub.subscribe({ after: hello?.id as string, runs: new Set([run]) }), 4);
    expect(events.slice(1).map(({ event }) => event)).toEqual([grew(1), { type: 'log', run, size: 1000 }, grew(2)]);
  });

  it('tells to ask again where too much happened, or the id is of another server', async () => {
    const hub = new Hub(() => [], { ...usualLimits, kept: 10 });
    const [hello] = await taken(hub.subscribe({ after: null, runs: new Set() }), 1);
    for (let i = 0; i < 30; i++) hub.publish(changed());
    for (const after of [hello?.id as string, 'abcdef-3', `${hello?.id.split('-')[0]}-999`, 'nonsense', '']) {
      const events = await taken(hub.subscribe({ after, runs: new Set() }), 2);
      expect([after, events.map(({ event }) => event.type)]).toEqual([after, ['hello', 'reload']]);
      // From there on nothing is missed.
      const more = hub.subscribe({ after: events[1]?.id as string, runs: new Set() });
      hub.publish(changed());
      expect((await taken(more, 2)).map(({ event }) => event.type)).toEqual(['hello', 'run.changed']);
    }
  });

  it('holds nothing for whoever does not read, and tells to ask again once it does', async () => {
    const hub = new Hub(() => [], { ...usualLimits, kept: 100 });
    const slow = hub.subscribe({ after: null, runs: new Set() });
    for (let i = 0; i < 50; i++) hub.publish(changed());
    const fast = hub.subscribe({ after: null, runs: new Set() });
    for (let i = 0; i < 200; i++) hub.publish(changed());
    expect((await taken(slow, 2)).map(({ event }) => event.type)).toEqual(['hello', 'reload']);
    expect((await taken(fast, 2)).map(({ event }) => event.type)).toEqual(['hello', 'reload']);
  });

  it('gives a long absence back whole, as far as it is kept', async () => {
    const hub = new Hub(() => []);
    const [hello] = await taken(hub.subscribe({ after: null, runs: new Set() }), 1);
    for (let i = 0; i < 5000; i++) hub.publish(changed());
    const resumed = await taken(hub.subscribe({ after: hello?.id as string, runs: new Set() }), 5001);
    const ids = resumed.slice(1).map(({ id }) => Number(id.split('-')[1]));
    expect(ids).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  });

  it('refuses too many', () => {
    const hub = new Hub(() => [], { ...usualLimits, streams: 2 });
    hub.subscribe({ after: null, runs: new Set() });
    hub.subscribe({ after: null, runs: new Set() });
    expect(() => hub.subscribe({ after: null, runs: new Set() })).toThrow('look on already');
  });

  it('lets whoever waits long keep its place, although all that passed was for others', async () => {
    const hub = new Hub(() => [], { ...usualLimits, kept: 10, heartbeatMs: 5 });
    const stream = hub.subscribe({ after: null, runs: new Set() });
    const reader = stream.getReader();
    await reader.read();
    for (let i = 0; i < 8; i++) hub.publish(grew(i));
    const beat = new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    const after = /^id: (\S+)\n\n$/.exec(beat)?.[1] as string;
    for (let i = 0; i < 4; i++) hub.publish(grew(i));
    hub.publish(changed());
    const events = await taken(hub.subscribe({ after, runs: new Set() }), 2);
    expect(events.map(({ event }) => event.type)).toEqual(['hello', 'run.changed']);
  });

  it('says farewell and ends all', async () => {
    const hub = new Hub(() => []);
    const stream = hub.subscribe({ after: null, runs: new Set() });
    hub.end();
    expect((await taken(stream, 10)).map(({ event }) => event.type)).toEqual(['hello', 'bye']);
  });
});
