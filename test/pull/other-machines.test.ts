/** What machines are like that pull meets: shells that greet, BusyBox, connections that break, homes that lie. */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
let local: { SPOOR_HOME: string };
beforeEach(async () => {
  world = makeWorld();
  local = { SPOOR_HOME: join(world.root, 'at home') };
  await spoor(world, ['run', '--', ...training(world)]);
});
afterEach(() => world.remove());

const there = (...path: string[]) => join(world.spoorHome, ...path);
const here = (...path: string[]) => join(local.SPOOR_HOME, ...path);
const id = () => readdirSync(there('runs'))[0] ?? '';

/** In the place of ssh: `script` decides what becomes of `$command`, the line that would run there. */
function machine(script: string): string {
  const path = world.write(
    join(world.root, 'machine'),
    `#!/bin/bash\nfor each; do if [ "$each" = -O ]; then exit; fi; done\ncommand="\${@: -1}"\n${script}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

const pull = (script = 'exec sh -c "$command"') =>
  spoor(world, ['pull', `ssh://box${world.spoorHome}`, '--ssh', machine(script)], { env: local });

async function expectWhole(): Promise<void> {
  const { stdout } = await spoor(world, ['verify'], { env: local });
  expect(stdout).toContain('everything is as it was recorded');
  expect(readdirSync(here('runs'))).toEqual(readdirSync(there('runs')));
}

test('a login shell that greets on standard output does no harm', async () => {
  const { stderr } = await pull('echo "Welcome to RunPod"; exec sh -c "$command"');
  expect(stderr).toContain('1 new run');
  await expectWhole();
});

test("a tar that takes no list of names is enough, as BusyBox's may be", async () => {
  const tar = world.write(
    join(world.root, 'few/tar'),
    '#!/bin/sh\nfor each; do if [ "$each" = -T ]; then echo "tar: invalid option" >&2; exit 1; fi; done\nexec /bin/tar "$@"\n',
  );
  chmodSync(tar, 0o755);
  const { stderr } = await pull(`PATH=${join(world.root, 'few')}:$PATH exec sh -c "$command"`);
  expect(stderr).toContain('1 new run');
  await expectWhole();
});

test.each([0, 100, 512, 1000, 10_000, 10_240, 30_000])(
  'a connection that ends after %i bytes of an archive is told as that, and taken up again',
  async (bytes) => {
    const cut = `if [[ $command == *"tar -cf"* ]]; then sh -c "$command" | head -c ${bytes}; exit 255; fi; exec sh -c "$command"`;
    const { exitCode, stderr } = await pull(cut);
    expect([exitCode, stderr]).toEqual([69, expect.stringContaining('no connection to box')]);
    expect((await pull()).stderr).toContain('1 new run');
    await expectWhole();
  },
);

test('a large log that comes for the first time is taken up where the connection ended', async () => {
  writeFileSync(there('runs', id(), 'log'), 'steps: 1/6\n'.repeat(300_000));
  const cut = `if [[ $command == *"tail -c"* ]]; then sh -c "$command" | head -c 2000000; exit 255; fi; exec sh -c "$command"`;
  expect((await pull(cut)).exitCode).toBe(69);
  expect(statSync(here('runs', id(), 'log')).size).toBeGreaterThan(1_000_000);
  expect((await spoor(world, ['ls'], { env: local })).stdout).not.toContain('wolf');
  expect((await pull()).stderr).toContain('1 new run');
  expect(readFileSync(here('runs', id(), 'log'))).toEqual(readFileSync(there('runs', id(), 'log')));
  await expectWhole();
});

test('what is no archive is told, however much of it comes', async () => {
  const { exitCode, stderr } = await pull(
    `if [[ $command == *"tar -cf"* ]]; then printf '\\nspoor-answers-here\\n'; exec yes garbage; fi; exec sh -c "$command"`,
  );
  expect([exitCode, stderr]).toEqual([65, expect.stringContaining('no whole archive')]);
});

test('what was damaged over there and is mended is brought by the next pull', async () => {
  const { files } = JSON.parse((await spoor(world, ['show', '@', '--json'])).stdout);
  const sha = files.find(({ role }: { role: string }) => role === 'config').sha256;
  const object = there('objects', sha.slice(0, 2), sha);
  const whole = readFileSync(object);
  chmodSync(object, 0o600);
  writeFileSync(object, 'not what its name says');
  expect((await pull()).stderr).toContain('missing or damaged over there');
  expect((await spoor(world, ['show', '@', '--json'], { env: local })).exitCode).toBe(0);
  writeFileSync(object, whole);
  expect((await pull()).stderr).not.toContain('missing');
  await expectWhole();
  expect(readFileSync(here('runs', id(), 'journal.jsonl'))).toEqual(readFileSync(there('runs', id(), 'journal.jsonl')));
});

test('a run that has no facts yet is not brought', async () => {
  rmSync(there('runs', id(), 'journal.jsonl'));
  expect((await pull()).stderr).toContain('0 new runs');
  expect(existsSync(here('runs', id()))).toBe(false);
});

test('facts that tell something else over there never take the place of ours', async () => {
  await pull();
  const ours = readFileSync(here('runs', id(), 'journal.jsonl'), 'utf8');
  writeFileSync(there('runs', id(), 'journal.jsonl'), `${ours.replace('wolf', 'bear')}\n\n`);
  expect((await pull()).stderr).toContain('ours are kept');
  expect(readFileSync(here('runs', id(), 'journal.jsonl'), 'utf8')).toBe(ours);
});
