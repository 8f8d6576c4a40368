/** What becomes of the output directory of a run that failed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryWorld } from '../run/play.ts';
import { recorded, shown, spoor, training } from '../support/spoor.ts';

const failing = { T_FAIL_AT: '2' };

test('the output directory of a failed run that made nothing goes to the trash, and its record stays', async () => {
  const world = temporaryWorld();
  const { run, exitCode, stderr } = await recorded(world, training(world), { env: failing });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`moved ${world.output} to the trash`);
  expect(stderr).toContain(`spoor trash restore ${run.id}`);
  expect(existsSync(world.output)).toBe(false);
  expect(run.cleaned).toMatchObject({
    state: 'removed',
    directory: world.output,
    reason: expect.stringContaining('out-of-memory'),
  });
  expect(run.diagnosis?.code).toBe('out-of-memory');
  const trashed = readdirSync(run.cleaned?.trash ?? '');
  expect(trashed).toEqual(
    expect.arrayContaining(['config.toml', 'repos.git', 'sample-prompts.txt', 'sdscripts.log', 'spoor.json']),
  );
  expect(run.cleaned?.files).toBe(trashed.length - 1);
  expect(String((await spoor(world, ['log', '@'])).stdout)).toContain('CUDA out of memory');
  expect(String((await spoor(world, ['show', '@'])).stdout).replace(/\s+/g, ' ')).toContain(
    'moved to the trash: the run failed: out-of-memory',
  );
  expect((await spoor(world, ['verify'])).exitCode).toBe(0);
});
