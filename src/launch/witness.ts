import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Tells a signal sent to the whole process group (Ctrl-C, a hang-up: the trainer has it already) from
 * one sent to Spoor alone (which must be forwarded). Node does not show who sent a signal; so a tiny
 * shell waits in the same group, with default dispositions, for the end of a pipe that Spoor holds.
 * What is sent to the group kills it too. To ask it, it is sent SIGKILL: the kernel keeps the first
 * fatal signal as the cause of death, so its wait status answers exactly, however busy the machine.
 * It ends with Spoor.
 */
export class Witness {
  #shell: ChildProcess;
  /** The signal that last killed a witness unasked, and when. */
  #seen: { signal: NodeJS.Signals; at: number } | null = null;
  #asking = false;
  #closed = false;

  constructor() {
    this.#shell = this.#start();
  }

  /** The living witness's pid. */
  get pid(): number | undefined {
    return this.#shell.pid;
  }

  /**
   * Whether the whole group got `signal`. Asked one at a time.
   *
   * @param at when this process was told of it, by `performance.now`: on a busy machine that may be long ago
   */
  async sawToo(signal: NodeJS.Signals, at: number): Promise<boolean> {
    // The kernel may still be on its way through the group's members.
    await delay(settling);
    if (this.#seen !== null && this.#seen.signal === signal && Math.abs(at - this.#seen.at) < recent) {
      this.#seen = null;
      return true;
    }
    const shell = this.#shell;
    if (shell.pid === undefined) return false;
    this.#asking = true;
    const exit = shell.exitCode === null && shell.signalCode === null ? once(shell, 'exit') : null;
    shell.kill('SIGKILL');
    if (exit) await exit;
    this.#asking = false;
    this.#seen = null;
    this.#shell = this.#start();
    return shell.signalCode === signal;
  }

  close(): void {
    this.#closed = true;
    this.#shell.kill('SIGKILL');
  }

  #start(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', 'read _', 'spoor-witness'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
      cwd: '/',
    });
    shell.unref();
    (shell.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    shell.stdin?.on('error', () => {});
    // Without a witness every signal is taken as meant for Spoor alone.
    shell.on('error', () => {});
    shell.on('exit', (_, signal) => {
      if (this.#asking || this.#closed || signal === null) return;
      this.#seen = { signal, at: performance.now() };
      this.#shell = this.#start();
    });
    return shell;
  }
}

/** Milliseconds; a group of a thousand processes is through in less than one. */
const settling = 10;
/** Milliseconds within which this process is told of a signal and of the witness's death by it. */
const recent = 500;
