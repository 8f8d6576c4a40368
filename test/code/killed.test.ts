import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeSnapshotDurable } from '../../src/store/code/durable-snapshot.ts';
import { keepHistory } from '../../src/store/code/history.ts';
import { verifyCode } from '../../src/store/code/verify.ts';
import { codeWorld, stamps, tree } from './world.ts';

const keeper = fileURLToPath(new URL('killed-keeper.ts', import.meta.url));

test('killed at any step of keeping code, a repetition ends in the same state', async () => {
  const world = codeWorld();
  for (let step = 1, ended = false; !ended; step++) {
    for (const when of ['before', 'after']) {
      const top = world.repository(`trainer-${step}-${when}`);
      world.write(join(top, 'new.py'), 'new');
      const captured = await world.capture(top, { run: 'R' });
      const { code, snapshot, head } = captured.repository as { code: string; snapshot: string; head: string };
      const before = stamps(top);
      const gitDirectory = join(top, '.git');
      const words = [world.at('home'), code, 'R', snapshot, gitDirectory, head, `${step}`, when];
      const { signal, status } = spawnSync(process.execPath, [keeper, ...words], { env: world.env });
      ended ||= status === 0;
      expect(ended || signal === 'SIGKILL').toBe(true);

      const own = world.port.named(code);
      expect(await makeSnapshotDurable(world.port, code, 'R', snapshot)).toEqual({ durable: true });
      const from = { gitDirectory, head };
      expect(await keepHistory(world.port.git, own.gitDirectory, from)).toEqual({ kept: true, missing: 0 });

      expect(stamps(top)).toEqual(before);
      const expected = tree(top);
      rmSync(top, { recursive: true });
      expect(await verifyCode(world.port.git, own, { milliseconds: 60_000 })).toEqual({
        incomplete: [],
        corrupt: [],
        complete: true,
      });
      expect(tree(await world.restored(captured))).toEqual(expected);
      expect(world.git(own.gitDirectory, 'log', '--format=%s', head)).toBe('first\n');
    }
    expect(step).toBeLessThan(30);
  }
});
