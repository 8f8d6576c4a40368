import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { command, desktop, program } from './local.ts';
import type { Message } from './message.ts';

let directory: string;
let env: Record<string, string>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-notify-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  env = { PATH: `${directory}:${process.env.PATH}` };
});

function script(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}
const read = (name: string) => readFileSync(join(directory, name), 'utf8');

const message: Message = {
  key: '01RUN/nan-1',
  event: 'nan',
  at: '2026-11-23T20:00:00.000Z',
  title: '-wolf <v1> has lost its way',
  text: 'The loss was NaN & more.\non <lair>',
  run: {
    id: '01RUN',
    name: '-wolf <v1>',
    family: 'wolf',
    status: 'running',
    host: 'lair',
    step: 12,
    total: 60,
    loss: 'NaN',
    startedAt: '2026-11-23T19:00:00.000Z',
    endedAt: null,
    diagnosis: null,
  },
  picture: null,
};

test('the desktop is told through notify-send, its markup escaped', async () => {
  script('notify-send', `printf '%s\\n' "$@" > "${directory}/said"`);
  expect(await desktop(message, env, 'linux')).toEqual({ outcome: 'sent', detail: 'exit 0' });
  expect(read('said')).toBe(
    '--app-name=Spoor\n--urgency=critical\n--\n-wolf <v1> has lost its way\nThe loss was NaN &amp; more.\non &lt;lair&gt;\n',
  );
});

test('on macOS through osascript, the words being arguments, never a part of the script', async () => {
  script('osascript', `printf '%s\\n' "$3" "$4" > "${directory}/said"`);
  const quoted = { ...message, title: '" & (do shell script "touch x")' };
  expect(await desktop(quoted, env, 'darwin')).toMatchObject({ outcome: 'sent' });
  expect(read('said')).toBe(`${quoted.title}\n${message.text}\n`);
});

test('a desktop without the program is said to be so, and not tried again', async () => {
  expect(await desktop(message, { PATH: directory }, 'linux')).toEqual({
    outcome: 'refused',
    detail: 'notify-send is not there',
  });
});

test('a command gets the facts as variables and the message as JSON', async () => {
  const tell = script(
    'tell',
    `cat > "${directory}/in"; printf '%s|' "$1" "$SPOOR_EVENT" "$SPOOR_NAME" "$SPOOR_STEP" "$SPOOR_LOSS" "$SPOOR_KEY" > "${directory}/out"`,
  );
  const receiver = {
    name: 'mine',
    on: [],
    contactSheet: true,
    prompts: false,
    type: 'command' as const,
    argv: [tell, 'a b'],
  };
  expect(await command(receiver, message, env)).toEqual({ outcome: 'sent', detail: 'exit 0' });
  expect(read('out')).toBe('a b|nan|-wolf <v1>|12|NaN|01RUN/nan-1|');
  expect(JSON.parse(read('in'))).toMatchObject({ version: 1, event: 'nan', run: { step: 12, loss: 'NaN' } });
});

test('one that fails is tried again, and what it said last is kept without secrets', async () => {
  const tell = script('tell', 'echo first >&2; echo "HF_TOKEN=hf_abcdefgh no route" >&2; exit 3');
  const answer = await program([tell], '', env);
  expect(answer).toMatchObject({ outcome: 'later', detail: expect.stringMatching(/^exit 3: HF_TOKEN=.*no route$/) });
  expect(answer.detail).not.toContain('hf_abcdefgh');
});

test('one that does not end is ended, with all that it started', async () => {
  const tell = script(
    'tell',
    `trap '' TERM; (trap "touch ${directory}/ended; exit" TERM; touch ${directory}/ready; while :; do sleep 0.05; done) & wait; while :; do sleep 0.05; done`,
  );
  const going = program([tell], '', env, 400);
  expect(await going).toMatchObject({ outcome: 'later', detail: 'no end within 0.4 s' });
  expect(existsSync(join(directory, 'ended'))).toBe(true);
}, 20_000);

test('one that leaves something running does not hold anybody up', async () => {
  const tell = script('tell', 'sleep 30 & echo $! > "$0.pid"; exit 0');
  const began = performance.now();
  expect(await program([tell], '', env)).toEqual({ outcome: 'sent', detail: 'exit 0' });
  expect(performance.now() - began).toBeLessThan(10_000);
  process.kill(Number(read('tell.pid')), 'SIGKILL');
});

test('one that reads nothing, and one that may not be started, are no failure of Spoor', async () => {
  expect(await program([script('deaf', 'exec 0<&-; exit 0')], 'x'.repeat(1_000_000), env)).toMatchObject({
    outcome: 'sent',
  });
  writeFileSync(join(directory, 'plain'), '', { mode: 0o600 });
  expect((await program([join(directory, 'plain')], '', env)).outcome).toBe('refused');
});
