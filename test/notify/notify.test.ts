import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { status, testServer } from '../../src/notify/testing/server.ts';
import { endedFact, endWorld, eventually, held, recorders, type Started, start, temporaryWorld } from '../run/play.ts';
import { program } from '../support/programs.ts';
import { recorded, shown, spoor, spoorBin, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';
import { allNan, hook, mailbox, notifiers, outbox, settings } from './play.ts';

/** A training that hangs. A minute is the least that counts as a stall: it passes while the other tests run. */
let hanging: { world: World; run: Started };
beforeAll(() => {
  const world = makeWorld();
  const env = { T_HOLD: join(world.root, 'never'), T_HOLD_AT: '20', T_STEP: '0.05' };
  const command = training(world, '--max_train_steps=40');
  hanging = { world, run: start(world, ['run', '--stop-on', 'stall', '--', ...command], { env }) };
});
afterAll(() => hanging && endWorld(hanging.world));

test('nothing is sent, started or left behind unless a receiver is set up', async () => {
  const world = temporaryWorld();
  const { run } = await recorded(world, training(world));
  expect(run).toMatchObject({ status: 'succeeded', events: [], notified: [] });
  expect(existsSync(join(world.spoorHome, 'outbox'))).toBe(false);
  expect(notifiers(world)).toEqual([]);
});

test('each receiver learns of the end in its own way, and one that fails or hangs disturbs nobody', async () => {
  const world = temporaryWorld();
  const good = await mailbox();
  const busy = await mailbox((response, _, index) =>
    index === 0 ? status(response, 429, { 'retry-after': '1' }) : response.end(),
  );
  const silent = await mailbox(() => {});
  const moved = await mailbox((response) => status(response, 302, { location: good.url }));
  const gone = await mailbox((response) => status(response, 404));
  program(world, 'notify-send', `printf '%s\\n' "$@" > ${world.root}/desktop`);
  program(world, 'tell', `cat > ${world.root}/told`);
  settings(
    world,
    hook('good', good.url) +
      hook('busy', busy.url) +
      hook('silent', silent.url) +
      hook('moved', moved.url) +
      hook('gone', gone.url) +
      hook('other', good.url, 'on = ["failure"]').replace('allow_private = true', '') +
      '[notify.desk]\ntype = "desktop"\n[notify.mine]\ntype = "command"\nargv = ["tell"]\n',
  );
  const PATH = `${join(world.root, 'bin')}:${world.env.PATH}`;
  const { run, exitCode, stderr } = await recorded(world, training(world), {
    args: ['--name', 'wolf-v3'],
    env: { PATH },
  });
  expect(exitCode).toBe(0);
  expect(run.status).toBe('succeeded');
  // What failed while the run still ended is a warning at its end; of the others nothing is said.
  for (const [, receiver] of stderr.matchAll(/could not be sent to (\w+)/g))
    expect(['moved', 'gone']).toContain(receiver);
  expect(stderr).not.toMatch(/\b(?:good|busy|silent|other|desk|mine)\b/);
  await expect.poll(async () => (await shown(world, '@')).notified.length, { timeout: 20_000 }).toBe(6);
  const { notified, warnings, id } = await shown(world, '@');
  const outcomes = Object.fromEntries(notified.map((each) => [each.receiver, `${each.outcome} ${each.attempts}`]));
  expect(outcomes).toEqual({
    good: 'sent 1',
    busy: 'sent 2',
    moved: 'failed 1',
    gone: 'failed 1',
    desk: 'sent 1',
    mine: 'sent 1',
  });
  expect(warnings.map(({ message }) => message)).toContainEqual(
    'the message end could not be sent to gone (webhook): status 404',
  );
  expect(good.bodies()).toMatchObject([
    {
      version: 1,
      key: `${id}/end`,
      event: 'finish',
      title: 'wolf-v3 has finished',
      run: { id, name: 'wolf-v3', status: 'succeeded', step: 6, total: 6 },
    },
  ]);
  expect(JSON.parse(readFileSync(join(world.root, 'told'), 'utf8'))).toMatchObject({ event: 'finish' });
  expect(readFileSync(join(world.root, 'desktop'), 'utf8')).toContain('wolf-v3 has finished');
  expect(silent.asked.length).toBeGreaterThan(0);
  expect(outbox(world)).toEqual([id]);
});

test('a failure is told with why and what to do, and with no secret, command or prompt', async () => {
  const world = temporaryWorld();
  const box = await mailbox();
  settings(world, hook('box', box.url));
  const failing = 'import sys; sys.exit("x") if 0 else None; raise RuntimeError("HF_TOKEN=hf_s3cretS3cret \\x1b[31m")';
  const { run } = await recorded(world, ['python3', '-c', failing, '--wandb_api_key', 's3cretS3cret'], {
    args: ['--name', 'wolf'],
  });
  expect(run.status).toBe('failed');
  await eventually(() => box.asked.length === 1);
  const [body] = box.bodies();
  expect(body).toMatchObject({ event: 'failure', run: { status: 'failed', diagnosis: { code: 'exception' } } });
  expect(body.text).toMatch(/RuntimeError/);
  expect(JSON.stringify(body)).not.toMatch(/s3cret|sys\.exit|python3|\\u001b/);
  await eventually(() => outbox(world).length === 0);
});

test('a loss that is NaN is told while it trains; the training goes on', async () => {
  const world = temporaryWorld();
  const box = await mailbox();
  settings(world, hook('box', box.url));
  const { exit } = start(world, ['run', '--', ...training(world, '--max_train_steps=100')], {
    env: { ...allNan, T_STEP: '0.1' },
  });
  await eventually(() => box.asked.length === 1);
  expect(endedFact(world)).toBeNull();
  expect(box.bodies()[0]).toMatchObject({ event: 'nan', run: { status: 'running', total: 100 } });
  expect(await exit).toBe(0);
  await eventually(() => box.asked.length === 2);
  const run = await shown(world, '@');
  expect(run.events).toMatchObject([{ key: 'nan-1', event: 'nan', stops: false }]);
  // The trainer saved a model of NaN.
  expect(run).toMatchObject({ status: 'failed', diagnosis: { code: 'nan-loss' } });
});

test('where event files tell the loss of each step, one that was NaN is no reason to stop', async () => {
  const world = temporaryWorld();
  const logging = `--logging_dir=${join(world.root, 'logs')}`;
  const run = (T_NAN: string) => {
    const words = training(world, '--max_train_steps=80', logging);
    return start(world, ['run', '--stop-on', 'nan', '--', ...words], { env: { T_NAN, T_STEP: '0.1' } }).exit;
  };
  expect(await run('3')).toBe(0);
  expect((await shown(world, '@')).events).toEqual([]);
  expect(await run(allNan.T_NAN)).toBe(130);
  const stopped = await shown(world, '@');
  expect(stopped).toMatchObject({ status: 'interrupted', diagnosis: { code: 'stopped-on-nan' } });
  expect(stopped.events[0]?.message).toMatch(/^The loss was NaN in the last \d+ steps\.$/);
});

test('with --stop-on nan the trainer is asked to end, and the run tells why', async () => {
  const world = temporaryWorld();
  const box = await mailbox();
  settings(world, hook('box', box.url, 'on = ["nan", "failure", "finish"]'));
  const long = training(world, '--max_train_steps=5000');
  const { exit, err } = start(world, ['run', '--stop-on', 'nan', '--', ...long], {
    env: { ...allNan, T_STEP: '0.02' },
  });
  expect(await exit).toBe(130);
  const run = await shown(world, '@');
  expect(run.events).toMatchObject([{ event: 'nan', stops: true }]);
  expect(run).toMatchObject({ status: 'interrupted', diagnosis: { code: 'stopped-on-nan' } });
  expect(run.diagnosis?.message).toMatch(/^Stopped at step \d+, as was asked for \(--stop-on nan\): The average loss/);
  expect(err()).toContain('--stop-on nan');
  await eventually(() => box.asked.length === 2);
  expect(box.events().sort()).toEqual(['failure', 'nan']);
  expect(box.bodies().find(({ event }) => event === 'nan').text).toContain('is being stopped');
});

test('the settings can ask for the same, and the command line for the contrary', async () => {
  const world = temporaryWorld();
  settings(world, '[stop]\non = ["nan"]\n');
  const run = (...words: string[]) =>
    start(world, ['run', ...words, '--', ...training(world, '--max_train_steps=60')], {
      env: { ...allNan, T_STEP: '0.1' },
    }).exit;
  expect(await run('--stop-on', 'none')).toBe(0);
  expect(await run()).toBe(130);
  const refused = await spoor(world, ['run', '--stop-on', 'boredom', '--', 'true']);
  expect([refused.exitCode, refused.stderr]).toEqual([64, expect.stringContaining('--stop-on boredom')]);
});

test('a recorder that takes over tells nothing twice', async () => {
  const world = temporaryWorld();
  const box = await mailbox();
  settings(world, hook('box', box.url));
  const { env, go } = held(world);
  const long = training(world, '--max_train_steps=150');
  go();
  await spoor(world, ['run', '--detach', '--', ...long], { env: { ...env, ...allNan, T_STEP: '0.1' } });
  await eventually(() => box.asked.length === 1);
  await eventually(() => notifiers(world).length === 0);
  for (const pid of recorders(world)) process.kill(pid, 'SIGKILL');
  await spoor(world, ['ls']);
  await eventually(() => recorders(world).length > 0);
  await eventually(() => endedFact(world) !== null && box.asked.length === 2);
  expect(box.events()).toEqual(['nan', 'failure']);
  await eventually(() => outbox(world).length === 0);
  expect(box.asked).toHaveLength(2);
});

test('what a sender that was killed has left is sent by the next command', async () => {
  const world = temporaryWorld();
  let open = false;
  const box = await mailbox((response) => (open ? response.end() : status(response, 503, { 'retry-after': '600' })));
  settings(world, hook('box', box.url));
  await recorded(world, training(world));
  await eventually(() => box.asked.length === 1);
  for (const pid of notifiers(world)) process.kill(pid, 'SIGKILL');
  await eventually(() => notifiers(world).length === 0);
  open = true;
  await spoor(world, ['ls']);
  await eventually(() => outbox(world).length === 0);
  expect((await shown(world, '@')).notified).toMatchObject([{ key: 'end', outcome: 'sent' }]);
  expect(new Set(box.bodies().map(({ key }) => key)).size).toBe(1);
  expect(box.asked).toHaveLength(2);
});

test('a test message tells of each receiver whether it took it', async () => {
  const world = temporaryWorld();
  const none = await spoor(world, ['notify', 'test', '--json']);
  expect([none.exitCode, JSON.parse(none.stderr).error.code]).toEqual([66, 'no-receivers']);
  const box = await mailbox();
  const full = await mailbox((response) => status(response, 507));
  settings(world, hook('box', box.url) + hook('full', full.url));
  const both = await spoor(world, ['notify', 'test']);
  expect(both.exitCode).toBe(69);
  expect(both.stdout).toMatch(
    /^✓ box \(webhook\): sent, status 200 \d+ ms\n✗ full \(webhook\): not sent, status 507 \d+ ms\n$/,
  );
  expect(box.bodies()).toMatchObject([{ event: 'test', run: null }]);
  const one = await spoor(world, ['notify', 'test', 'box', '--json']);
  expect(one.exitCode).toBe(0);
  expect(JSON.parse(one.stdout)).toMatchObject([
    { receiver: 'box', type: 'webhook', outcome: 'sent', detail: 'status 200' },
  ]);
  const wrong = await spoor(world, ['notify', 'test', 'bux']);
  expect([wrong.exitCode, wrong.stderr]).toEqual([66, expect.stringContaining('Did you mean box?')]);
});

test('who lists runs on a terminal is reminded of those that await a verdict; programs are not', async () => {
  const world = temporaryWorld();
  await recorded(world, training(world), { args: ['--name', 'a-v1'] });
  await recorded(world, training(world), { args: ['--name', 'a-v2'] });
  await recorded(world, training(world), { args: ['--name', 'a-v3'], env: { T_FAIL_AT: '2' } });
  await recorded(world, training(world), { args: ['--name', 'a-v4'] });
  await spoor(world, ['verdict', 'a-v4', 'worked']);
  const onTerminal = (...words: string[]) =>
    new Promise<string>((resolve) => {
      let screen = '';
      const pty = spawn(process.execPath, [spoorBin, ...words], { cols: 120, env: world.env, cwd: world.root });
      onTestFinished(() => {
        try {
          pty.kill('SIGKILL');
        } catch {
          // It has ended.
        }
      });
      pty.onData((text) => {
        screen += text;
      });
      pty.onExit(() => resolve(screen));
    });
  expect(await onTerminal('ls')).toContain('2 runs await a verdict: spoor ls status:succeeded verdict:none since:30d');
  expect(await onTerminal('ls', '--json')).not.toContain('await');
  expect(await onTerminal('ls', 'a-v1')).not.toContain('await');
  expect((await spoor(world, ['ls'])).stderr).toBe('');
  const listed = await spoor(world, ['ls', 'status:succeeded', 'verdict:none', 'since:30d', '--json']);
  expect(JSON.parse(listed.stdout)).toHaveLength(2);
});

test('a picture of the samples goes along when a run has finished, its prompts only where that was asked for', async () => {
  const world = temporaryWorld();
  const T_SAMPLE = world.write(join(world.root, 'sample.png'), png('wolf'));
  const plain = await testServer();
  const told = await testServer();
  const receiver = (name: string, url: string) =>
    `[notify.${name}]\ntype = "ntfy"\nurl = "${url}/t"\nallow_private = true\n`;
  settings(world, `${receiver('plain', plain.url)}${receiver('told', told.url)}prompts = true\n`);
  await recorded(world, training(world), { env: { T_SAMPLE } });
  await eventually(() => plain.asked.length === 1 && told.asked.length === 1);
  for (const { asked } of [plain, told]) {
    expect(asked[0]?.method).toBe('PUT');
    expect(asked[0]?.path).toContain('filename=samples.png');
    expect(asked[0]?.body.subarray(1, 4).toString()).toBe('PNG');
  }
  // The label of the row is drawn: with the prompt's words the picture is another.
  expect(plain.asked[0]?.body.equals(told.asked[0]!.body)).toBe(false);
  expect((await shown(world, '@')).notified).toMatchObject([{ outcome: 'sent' }, { outcome: 'sent' }]);
});

test('with --stop-on stall a training that hangs is asked to end, and the run tells why', {
  timeout: 180_000,
}, async () => {
  expect(await hanging.run.exit).toBe(130);
  const run = await shown(hanging.world, '@');
  expect(run).toMatchObject({ status: 'interrupted', diagnosis: { code: 'stopped-on-stall' } });
  expect(run.progress).toMatchObject({ step: 20, total: 40 });
  expect(run.events).toMatchObject([{ event: 'stall', stops: true, step: 20 }]);
  expect(run.events[0]!.message).toMatch(/^No progress for 1 m 0\d s, where .+ is usual \(training\)\.$/);
});
