import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPulse } from './pulse.ts';

function world() {
  const root = mkdtempSync(join(tmpdir(), 'spoor-pulse-'));
  const until = new AbortController();
  onTestFinished(() => {
    until.abort();
    rmSync(root, { recursive: true });
  });
  return { root, until };
}

const forever = 3_600_000;

describe('when to look again', () => {
  it('is when the system tells of a change, long before the interval is over', async () => {
    const { root, until } = world();
    const pulse = startPulse({ directories: [root], everyMs: forever, until: until.signal });
    await pulse.next(0);
    const next = pulse.next(0);
    writeFileSync(join(root, 'wolf.safetensors'), 'x');
    await next;
    pulse.close();
  });

  it('is after the interval where nothing can be watched, as on many network file systems', async () => {
    const { root, until } = world();
    const pulse = startPulse({ directories: [join(root, 'not-there')], everyMs: 20, until: until.signal });
    await pulse.next(0);
    const began = performance.now();
    await pulse.next(0);
    expect(performance.now() - began).toBeGreaterThanOrEqual(19);
    pulse.close();
  });

  it('watches a directory that came later', async () => {
    const { root, until } = world();
    const late = join(root, 'sample');
    const directories = [late];
    const pulse = startPulse({ directories, everyMs: 20, until: until.signal });
    await pulse.next(0);
    mkdirSync(late);
    await pulse.next(0);
    pulse.close();
    const patient = startPulse({ directories, everyMs: forever, until: until.signal });
    await patient.next(0);
    const next = patient.next(0);
    writeFileSync(join(late, 'wolf.png'), 'x');
    await next;
    patient.close();
  });

  it('is at once when the trainer has ended', async () => {
    const { root, until } = world();
    const pulse = startPulse({ directories: [root], everyMs: forever, until: until.signal });
    await pulse.next(0);
    const next = pulse.next(forever);
    until.abort();
    await next;
    pulse.close();
  });
});
