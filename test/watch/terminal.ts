/** A shell in a real terminal (tmux) of a given size, whose screen can be read. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { spoorBin } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

const execute = promisify(execFile);
let count = 0;

export interface Terminal {
  /** The screen's lines, without spaces at their ends. @param escapes with the sequences of its colours */
  screen(escapes?: boolean): Promise<string[]>;
  /** Keys as tmux names them: `C-c`, `Right`, `q`. */
  press(...keys: string[]): Promise<void>;
  type(line: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Whether another screen is shown, and whether the cursor is. */
  state(): Promise<{ alternate: boolean; cursor: boolean }>;
  /** Waits until the screen holds the text, and gives it. */
  saw(text: string | RegExp): Promise<string[]>;
}

export async function terminal(
  world: World,
  { columns = 80, rows = 24, env = {} }: { columns?: number; rows?: number; env?: Record<string, string> } = {},
): Promise<Terminal> {
  const socket = join(world.root, `tmux-${count++}`);
  const tmux = async (...args: string[]) =>
    (await execute('tmux', ['-S', socket, '-f', '/dev/null', ...args], { env: { ...world.env, ...env } })).stdout;
  const shell = `exec bash --norc --noprofile -i`;
  const its = { NODE: process.execPath, SPOOR: spoorBin, HISTFILE: '', ...env };
  const given = Object.entries(its).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  await tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', world.root, ...given, shell);
  onTestFinished(async () => void (await tmux('kill-server').catch(() => {})));
  const screen = async (escapes = false) => {
    const lines = (await tmux('capture-pane', '-p', ...(escapes ? ['-e'] : []))).split('\n');
    return lines.slice(0, -1).map((line) => line.trimEnd());
  };
  return {
    screen,
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    type: async (line) => void (await tmux('send-keys', '-l', `${line}\r`)),
    resize: async (width, height) => void (await tmux('resize-window', '-x', String(width), '-y', String(height))),
    async state() {
      const [alternate, cursor] = (await tmux('display', '-p', '#{alternate_on} #{cursor_flag}')).trim().split(' ');
      return { alternate: alternate === '1', cursor: cursor === '1' };
    },
    saw: (text) =>
      vi.waitFor(
        async () => {
          const lines = await screen();
          const all = lines.join('\n');
          if (typeof text === 'string' ? !all.includes(text) : !text.test(all))
            throw new Error(`no ${text} in:\n${all}`);
          return lines;
        },
        { timeout: 30_000, interval: 100 },
      ),
  };
}
