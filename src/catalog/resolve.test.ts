import { describe, expect, it } from 'vitest';
import { resolveRun } from './resolve.ts';
import { runId } from './test-rows.ts';

const runs = [
  { id: runId(0), name: 'noob-wolf-v1' },
  { id: runId(1), name: 'noob-wolf-v2' },
  { id: runId(2), name: 'noob-wolf-v1' },
  { id: runId(3), name: 'odd~1' },
  { id: runId(900), name: '01KP' },
].reverse();
const directory = {
  ids: runs.map(({ id }) => id),
  named: async (name: string) => runs.flatMap((run) => (run.name === name ? [run.id] : [])),
  names: async () => runs.map(({ name }) => name),
};
const resolve = (reference: string) => resolveRun(reference, directory);

describe('a run is found', () => {
  it('by @ and how many before it', async () => {
    expect(await resolve('@')).toBe(runId(900));
    expect(await resolve('@~0')).toBe(runId(900));
    expect(await resolve('@~4')).toBe(runId(0));
    await expect(resolve('@~5')).rejects.toMatchObject({ code: 'run-not-found', hint: 'There are 5 runs.' });
  });

  it('by its id in either case, and by a unique beginning of it', async () => {
    expect(await resolve(runId(1))).toBe(runId(1));
    expect(await resolve(runId(1).toLowerCase())).toBe(runId(1));
    expect(await resolve(runId(1).slice(0, 10))).toBe(runId(1));
  });

  it('by name, the latest of that name, and those before it', async () => {
    expect(await resolve('noob-wolf-v1')).toBe(runId(2));
    expect(await resolve('noob-wolf-v1~1')).toBe(runId(0));
    await expect(resolve('noob-wolf-v1~2')).rejects.toMatchObject({ hint: 'There are 2 runs named noob-wolf-v1.' });
  });

  it('by a name that looks like something else', async () => {
    expect(await resolve('odd~1')).toBe(runId(3));
    expect(await resolve('01KP')).toBe(runId(900));
  });
});

describe('a run is not found', () => {
  it('when a beginning fits several: they are named', async () => {
    const error = resolve(runId(0).slice(0, 5));
    await expect(error).rejects.toMatchObject({ kind: 'not-found', code: 'run-ambiguous' });
    await expect(error).rejects.toMatchObject({ hint: expect.stringContaining(runId(0)) });
  });

  it('when nothing fits: what is near is named', async () => {
    await expect(resolve('noob-wolf-v3')).rejects.toMatchObject({
      code: 'run-not-found',
      message: 'no run is named "noob-wolf-v3"',
      hint: expect.stringContaining('noob-wolf-v2'),
    });
    await expect(resolve('')).rejects.toMatchObject({ code: 'run-not-found' });
    await expect(resolve(runId(77))).rejects.toMatchObject({ code: 'run-not-found' });
  });

  it('in an empty home', async () => {
    const empty = { ids: [], named: async () => [], names: async () => [] };
    await expect(resolveRun('@', empty)).rejects.toMatchObject({ hint: 'Nothing has been recorded yet.' });
  });
});
