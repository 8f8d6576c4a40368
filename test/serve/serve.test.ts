/** `spoor serve` as its user starts it, with a real training under its eyes. */
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeClient } from '../../src/api/client.ts';
import { EventReader } from '../../src/server/testing/events.ts';
import { spoor, spoorBin, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
const running: { kill(signal?: NodeJS.Signals): boolean }[] = [];

beforeEach(() => {
  world = makeWorld();
});
afterEach(() => {
  for (const each of running.splice(0)) each.kill('SIGKILL');
  world.remove();
});

interface Printed {
  url: string;
  origin: string;
  token: string;
  pid: number;
}

/** Until it says that it serves. */
async function serving(...args: string[]) {
  const child = execa(process.execPath, [spoorBin, 'serve', '--json', ...args], {
    cwd: world.root,
    env: world.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    buffer: { stdout: false },
  });
  running.push(child);
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  const printed: Printed = JSON.parse(text);
  return { child, ...printed, ask: makeClient({ origin: printed.origin, token: printed.token }) };
}

describe('spoor serve', () => {
  it('shows a training live, from its start to its end, and what it left', { timeout: 120_000 }, async () => {
    const { origin, token, ask, child } = await serving('--port', '0');
    const page = new EventReader(`${origin}/api/events`, { authorization: `Bearer ${token}` });
    await page.next('hello');
    const run = spoor(world, ['run', '--', ...training(world)]);
    const appeared = (await page.next('run.appeared')).event;
    expect(appeared.status).toBe('running');
    const { progress } = (await page.next('progress', ({ progress: { step } }) => step !== null)).event;
    expect(progress.total).toBeGreaterThan(0);
    expect((await page.next('run.ended')).event).toMatchObject({ run: appeared.run, status: 'succeeded' });
    expect((await run).exitCode).toBe(0);

    const { runs } = await ask('listRuns', {});
    expect(runs).toMatchObject([{ id: appeared.run, status: 'succeeded' }]);
    const shown = await ask('showRun', { run: appeared.run });
    expect(shown.repos.length).toBeGreaterThan(0);
    const { artifacts } = await ask('listArtifacts', { run: appeared.run });
    expect(artifacts.some(({ kind }) => kind === 'checkpoint')).toBe(true);
    expect((await ask('readLogLines', { run: appeared.run })).lines.length).toBeGreaterThan(3);
    expect((await ask('doctor', {})).findings.map(({ check }) => check)).toContain('git');
    page.close();
    child.kill('SIGTERM');
    expect((await child).exitCode).toBe(0);
  });

  it('ends by Ctrl-C with its streams open, and leaves nothing that runs', async () => {
    const { origin, token, child, pid } = await serving('--port', '0');
    const page = new EventReader(`${origin}/api/events`, { authorization: `Bearer ${token}` });
    await page.next('hello');
    child.kill('SIGINT');
    await page.next('bye');
    expect((await child).exitCode).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('refuses what other machines can reach, unless it is asked for by name', async () => {
    const refused = await spoor(world, ['serve', '--host', '0.0.0.0', '--port', '0']);
    expect(refused.exitCode).toBe(78);
    expect(refused.stderr).toContain('can be reached by other machines');
    expect(refused.stderr).toContain('--open-to-network');
    const { origin, child } = await serving('--host', '0.0.0.0', '--open-to-network', '--port', '0');
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    child.kill('SIGTERM');
    const { stderr } = await child;
    expect(stderr).toContain('not encrypted');
  });

  it('says which port is taken, where one was chosen', async () => {
    const { origin } = await serving('--port', '0');
    const { port } = new URL(origin);
    const second = await spoor(world, ['serve', '--port', port]);
    expect([second.exitCode, second.stderr]).toEqual([
      75,
      expect.stringContaining(`port ${port} of 127.0.0.1 is in use`),
    ]);
    const bad = await spoor(world, ['serve', '--port', 'http']);
    expect([bad.exitCode, bad.stderr]).toEqual([64, expect.stringContaining('--port http is no port')]);
  });

  it('prints one address for a person, which opens once', async () => {
    const child = execa(process.execPath, [spoorBin, 'serve', '--port', '0'], {
      env: world.env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      buffer: { stdout: false },
    });
    running.push(child);
    let text = '';
    for await (const chunk of child.stdout) {
      text += chunk;
      if (text.includes('\n')) break;
    }
    expect(text).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/);
    const url = new URL(text.trim());
    const enter = () =>
      fetch(`${url.origin}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url.origin },
        body: JSON.stringify({ token: url.hash.slice('#token='.length) }),
      });
    expect((await enter()).status).toBe(200);
    expect((await enter()).status).toBe(401);
    child.kill('SIGTERM');
    await child;
  });
});
