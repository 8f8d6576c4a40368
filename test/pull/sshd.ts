/** A real sshd on loopback, with keys and configuration of its own, for the user who runs the tests. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Sshd {
  /** For `--ssh`: knows the key and the host's. */
  command: string;
  port: number;
  stop(): Promise<void>;
}

const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path)) ?? 'sshd';

export async function startSshd(at?: { directory: string; port: number }): Promise<Sshd & { directory: string }> {
  const directory = at?.directory ?? mkdtempSync(join(tmpdir(), 'spoor-sshd-'));
  const port = at?.port ?? (await freePort());
  const file = (name: string) => join(directory, name);
  if (!at) {
    for (const name of ['host', 'user']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
    }
    const config = [
      `HostKey ${file('host')}`,
      `AuthorizedKeysFile ${file('user.pub')}`,
      'ListenAddress 127.0.0.1',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      `PidFile ${file('pid')}`,
      'Subsystem sftp internal-sftp',
    ];
    writeFileSync(file('sshd_config'), `${config.join('\n')}\n`);
    writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${readFileSync(file('host.pub'), 'utf8')}`);
  }
  // Where it separates its privileges when it runs as root.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const daemon = spawn(program, ['-D', '-e', '-f', file('sshd_config'), '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listening(daemon);
  const options = ['-F', '/dev/null', '-i', file('user'), '-o', `UserKnownHostsFile=${file('known_hosts')}`];
  return {
    command: ['ssh', ...options, '-o', 'BatchMode=yes', '-l', userInfo().username].join(' '),
    port,
    directory,
    async stop() {
      const ended = once(daemon, 'close');
      daemon.kill();
      await ended;
      if (!at) rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listening(daemon: ChildProcess): Promise<void> {
  const said: string[] = [];
  if (!daemon.stderr) throw new Error('sshd has no stderr');
  for await (const line of createInterface({ input: daemon.stderr })) {
    if (line.startsWith('Server listening')) {
      daemon.stderr.resume();
      return;
    }
    said.push(line);
  }
  throw new Error(`sshd does not listen: ${said.join('\n')}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
