import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOomKills } from './oom-kills.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spoor-oom-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

const read = () => readOomKills(7, join(root, 'proc'), join(root, 'cgroup'));
const events = (kills: number) => `low 0\nhigh 0\nmax 3\noom 9\noom_kill ${kills}\noom_group_kill 0\n`;

test('the count is that of the process’s own group', async () => {
  await put('proc/7/cgroup', '0::/user.slice/lab.scope\n');
  await put('cgroup/user.slice/lab.scope/memory.events', events(2));
  await put('cgroup/memory.events', events(5));
  expect(await read()).toBe(2);
});

test('in a container that shows the host’s path the group is the root', async () => {
  await put('proc/7/cgroup', '0::/docker/0123\n');
  await put('cgroup/memory.events', events(1));
  expect(await read()).toBe(1);
});

test('version 1 counts too', async () => {
  await put('proc/7/cgroup', '4:memory:/lab\n1:cpu:/\n0::/\n');
  await put('cgroup/memory/lab/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n');
  expect(await read()).toBe(3);
});

test('where nobody counts, nothing is known', async () => {
  expect(await read()).toBeNull();
  await put('proc/7/cgroup', '0::/\nnonsense\n');
  expect(await read()).toBeNull();
});

test('a path that leads out of the control groups is not followed', async () => {
  await put('proc/7/cgroup', '0::/../outside\n');
  await put('outside/memory.events', events(1));
  expect(await read()).toBeNull();
});

test('the real system answers with a count or says that it does not know', async () => {
  const count = await readOomKills('self');
  expect(count === null || Number.isInteger(count)).toBe(true);
});
