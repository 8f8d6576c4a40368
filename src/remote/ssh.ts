/**
 * Commands on another machine by ssh, over one connection. Nothing is needed there but sshd and what
 * every POSIX system has: sh, find, wc, tail, head, xargs, and tar.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { SpoorError } from '../model/errors.ts';
import type { Destination } from './destination.ts';
import { markAnswer, withoutGreeting } from './greeting.ts';

export interface SshOptions {
  destination: Destination;
  /** The program and its options: `['ssh', '-i', 'key']`. */
  command: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** A directory for the connection's socket; its path should be short. */
  scratch: string;
}

export interface RemoteCommand {
  stdin: Writable;
  stdout: Readable;
  /** Settles when it has ended well. Errors: `ssh-failed`, `remote-failed`. */
  ended: Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

export interface Ssh {
  /** Runs one line of sh there. Quote what goes into it with `quote`. */
  start(script: string): RemoteCommand;
  /** Runs it to its end and gives what it wrote, up to `most` bytes. */
  output(script: string, most: number): Promise<Buffer>;
  close(): void;
}

const longestError = 16 * 1024;
/** Milliseconds for the shared connection, a process of this machine, to end. */
const longestFarewell = 2_000;

export function openSsh({ destination, command, env, scratch }: SshOptions): Ssh {
  const directory = mkdtempSync(join(scratch, 'spoor-ssh-'));
  const shared = ['-o', 'ControlMaster=auto', '-o', `ControlPath=${join(directory, 's')}`, '-o', 'ControlPersist=30'];
  const alive = ['-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=4', '-T'];
  const port = destination.port === null ? [] : ['-p', String(destination.port)];
  const [program = 'ssh', ...options] = command;
  const args = [...options, ...shared, ...alive, ...port, '--', destination.host];
  const running = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();

  const start = (script: string): RemoteCommand => {
    const child = spawn(program, [...args, `exec sh -c ${quote(markAnswer + script)}`], {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(child);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-longestError);
    });
    // It may end without reading all of its input.
    child.stdin.on('error', () => {});
    const ended = new Promise<void>((resolve, reject) => {
      child.once('error', () => {
        const hint = 'Install OpenSSH, or name the program: --ssh "ssh -i key"';
        reject(new SpoorError('unavailable', 'ssh-failed', `${program} cannot be started`, hint));
      });
      child.once('close', (status, signal) => {
        running.delete(child);
        if (status === 0) resolve();
        else reject(failure(destination, status, signal, said));
      });
    });
    ended.catch(() => {});
    return { stdin: child.stdin, stdout: child.stdout.pipe(withoutGreeting()), ended, kill: () => child.kill() };
  };

  return {
    start,
    async output(script, most) {
      const { stdin, stdout, ended, kill } = start(script);
      stdin.end();
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of stdout as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > most) {
          kill();
          throw new SpoorError('data', 'remote-too-large', `${destination.host} answers with more than ${most} bytes`);
        }
        chunks.push(chunk);
      }
      await ended;
      return Buffer.concat(chunks);
    },
    close() {
      for (const child of running) child.kill();
      // The connection that the commands shared ends with it.
      spawnSync(program, [...args.slice(0, -2), '-O', 'exit', '--', destination.host], {
        env,
        stdio: 'ignore',
        timeout: longestFarewell,
      });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** ssh itself ends with 255; everything else is the status of the command there. */
function failure({ host }: Destination, status: number | null, signal: string | null, said: string): SpoorError {
  const last = said.trim().split('\n').at(-1)?.trim() ?? '';
  if (status === 255 || signal !== null) {
    const hint = `See whether this works: ssh ${host} true`;
    return new SpoorError(
      'unavailable',
      'ssh-failed',
      `no connection to ${host}: ${last || signal || 'ssh ended'}`,
      hint,
    );
  }
  return new SpoorError('data', 'remote-failed', `a command on ${host} failed with ${status}: ${last}`);
}

/** One word of sh, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
