/** Receivers on this machine: its desktop, and any program. */
import { spawn } from 'node:child_process';
import { errorCode, errorText } from '../model/errors.ts';
import { redactText } from '../model/secrets.ts';
import type { Receiver } from '../model/settings.ts';
import { type Answer, asJson, cut, isAlarming, type Message } from './message.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Of<T extends Receiver['type']> = Extract<Receiver, { type: T }>;

/** Milliseconds until a program is ended, and until it is killed. */
const patience = 60_000;
const grace = 5_000;
/** Characters kept of what it says. */
const longestSaid = 300;

/** `notify-send`, on macOS `osascript`. */
export function desktop(message: Message, env: Environment, platform: NodeJS.Platform): Promise<Answer> {
  const title = cut(message.title, 200);
  const text = cut(message.text, 1000);
  if (platform === 'darwin') {
    const script = 'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run';
    return program(['osascript', '-e', script, title, text], '', env);
  }
  const urgency = isAlarming(message.event) ? 'critical' : 'normal';
  const markup = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return program(['notify-send', '--app-name=Spoor', `--urgency=${urgency}`, '--', title, markup], '', env);
}

/** The message as JSON on standard input, and its facts as variables. */
export function command({ argv }: Of<'command'>, message: Message, env: Environment): Promise<Answer> {
  const { run, event, key, title, text, at } = message;
  const facts = {
    SPOOR_EVENT: event,
    SPOOR_KEY: key,
    SPOOR_AT: at,
    SPOOR_TITLE: title,
    SPOOR_TEXT: text,
    SPOOR_RUN: run?.id,
    SPOOR_NAME: run?.name,
    SPOOR_STATUS: run?.status,
    SPOOR_STEP: run?.step?.toString(),
    SPOOR_TOTAL: run?.total?.toString(),
    SPOOR_LOSS: run?.loss?.toString(),
    SPOOR_DIAGNOSIS: run?.diagnosis?.code,
  };
  return program(argv, `${asJson(message)}\n`, { ...env, ...facts });
}

/** Runs a program in a group of its own, and ends all of the group when it takes too long. */
export function program(
  [file = '', ...args]: readonly string[],
  input: string,
  env: Environment,
  milliseconds = patience,
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: '/', env, detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    let late = false;
    const signal = (name: NodeJS.Signals) => {
      try {
        if (child.pid) process.kill(-child.pid, name);
      } catch {
        // All of it has ended.
      }
    };
    const kill = setTimeout(() => signal('SIGKILL'), milliseconds + grace);
    const end = setTimeout(() => {
      late = true;
      signal('SIGTERM');
    }, milliseconds);
    const settle = (answer: Answer) => {
      clearTimeout(end);
      clearTimeout(kill);
      child.stderr.destroy();
      resolve(answer);
    };
    child.stderr.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString('utf8')).slice(-4 * longestSaid);
    });
    // A program need not read what it is told.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (error) => settle({ outcome: 'refused', detail: cannotStart(file, error) }));
    // What it leaves running may keep the pipe open: its own end is what counts.
    child.on('exit', (status, by) => {
      if (status === 0 && !late) return settle({ outcome: 'sent', detail: 'exit 0' });
      if (late) return settle({ outcome: 'later', detail: `no end within ${milliseconds / 1000} s`, after: null });
      const words = redactText(said.trim(), 'text').text.split('\n').at(-1) ?? '';
      const detail = `exit ${by ?? status}${words === '' ? '' : `: ${cut(words, longestSaid)}`}`;
      settle({ outcome: 'later', detail, after: null });
    });
  });
}

function cannotStart(file: string, error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOENT') return `${file} is not there`;
  return code === 'EACCES' ? `${file} may not be executed` : errorText(error);
}
