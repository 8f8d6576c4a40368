import { SpoorError } from '../model/errors.ts';

/** Where `ssh://[USER@]HOST[:PORT]/PATH` points to. */
export interface Destination {
  /** As ssh takes it: `me@host`, or a name of its configuration. */
  host: string;
  port: number | null;
  /** Absolute, or below the home directory there if it begins with `~/`; null if none was given. */
  path: string | null;
}

/** Errors: `bad-address`. Nothing in it can be taken by ssh for an option. */
export function parseDestination(text: string): Destination {
  const [, host = '', port, path = ''] = /^ssh:\/\/([^/]*?)(?::(\d+))?(\/.*)?$/s.exec(text) ?? [];
  const wrong = (why: string) => {
    const hint = 'Say where the records are: spoor pull ssh://root@host:2222/workspace/.spoor';
    return new SpoorError('usage', 'bad-address', `${text} is no address to pull from: ${why}`, hint);
  };
  if (!text.startsWith('ssh://')) throw wrong('it does not begin with ssh://');
  if (!/^([\w.+-]+@)?(\[[0-9A-Fa-f:.%]+\]|[\w.-]+)$/.test(host) || host.startsWith('-') || host.includes('@-')) {
    throw wrong('it names no host');
  }
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) throw wrong(`${port} is no port`);
  const decoded = decode(path);
  if (decoded === null || /[\0\n]/.test(decoded)) throw wrong('its path cannot be read');
  return {
    host: host.replace(/[[\]]/g, ''),
    port: port === undefined ? null : Number(port),
    path: decoded === '' || decoded === '/' ? null : decoded.replace(/^\/~(?=\/|$)/, '~').replace(/(?<=.)\/+$/, ''),
  };
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
