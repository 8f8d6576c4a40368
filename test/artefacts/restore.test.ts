import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spoor } from '../support/spoor.ts';
import { studio } from './play.ts';

describe('spoor restore --checkpoints', () => {
  it('gives back what was kept and what still stands, and says what is lost', async () => {
    const { world, train } = await studio();
    await train({ args: ['--keep-checkpoints', 'last'] });
    const at = (name: string) => join(world.output, name);
    const last = readFileSync(at('wolf.safetensors'));
    const third = readFileSync(at('wolf-step00000003.safetensors'));
    rmSync(at('wolf.safetensors'));
    writeFileSync(at('wolf-step00000006.safetensors'), 'something else');
    const into = join(world.root, 'again');
    const { stdout, exitCode } = await spoor(world, ['restore', '@', '--into', into, '--checkpoints', '--json']);
    const made = JSON.parse(stdout);
    expect(made.checkpoints.map(({ path }: { path: string }) => path)).toEqual([
      'checkpoints/wolf-step00000003.safetensors',
      'checkpoints/wolf.safetensors',
    ]);
    expect(readFileSync(join(into, 'checkpoints/wolf.safetensors')).equals(last)).toBe(true);
    expect(readFileSync(join(into, 'checkpoints/wolf-step00000003.safetensors')).equals(third)).toBe(true);
    expect(readdirSync(join(into, 'checkpoints'))).toHaveLength(2);
    expect(exitCode).toBe(72);
    expect(made.missing).toContainEqual(
      expect.objectContaining({ kind: 'checkpoint', path: 'checkpoints/wolf-step00000006.safetensors' }),
    );
    expect(readFileSync(join(into, 'RESTORED.md'), 'utf8')).toContain('checkpoints/wolf.safetensors');
  });

  it('is asked for: without it none are copied', async () => {
    const { world, train } = await studio();
    await train({ args: ['--keep-checkpoints', 'all'] });
    const into = join(world.root, 'again');
    expect(JSON.parse((await spoor(world, ['restore', '@', '--into', into, '--json'])).stdout).checkpoints).toEqual([]);
    expect(readdirSync(into)).not.toContain('checkpoints');
  });
});
