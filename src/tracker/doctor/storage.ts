import { accessSync, constants, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { findProgram } from '../../capture/python/program.ts';
import { errorText, SpoorError } from '../../model/errors.ts';
import { fileSystemOf } from '../../store/file-system.ts';
import type { Home } from '../../store/home.ts';
import { listActive } from '../active.ts';
import { listRuns } from '../runs.ts';
import { broken, type Finding, note, ok, problem, quoted } from './finding.ts';

/** Whether the home is private and can be written. `why` says how the place was chosen. */
export function examineHome({ directory }: Home, why: string): Finding {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch {
    const hint = 'Give yourself the right to write there, or choose another with SPOOR_HOME.';
    return broken('home', `${directory} cannot be written: nothing can be recorded`, hint);
  }
  const mode = statSync(directory).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const message = `${directory} can be read by others (mode ${mode.toString(8)}), and prompts and logs are private`;
    return problem('home', message, `chmod 700 ${directory}`, [`chmod 700 ${quoted(directory)}`]);
  }
  return ok('home', `${directory} (${why})`);
}

export function examineFileSystem({ directory, catalogFile }: Home): Finding {
  const found = fileSystemOf(directory);
  if (found === null) return note('file-system', `what kind of disk ${directory} is on is not known here`);
  if (found.wiped) {
    const hint =
      'Put the home on a disk that stays, before it holds what you need: SPOOR_HOME=/workspace/.spoor, or spoor pull from another machine.';
    const what = found.type === 'tmpfs' ? 'memory' : 'a layer of this container';
    return problem(
      'file-system',
      `${directory} is on ${what} (${found.type}): the records are gone when it stops`,
      hint,
    );
  }
  if (found.network) {
    const hint = `The catalog is kept on this machine (${catalogFile}), changes are found by looking, and locks of other hosts are left alone.`;
    return note('file-system', `${directory} is on a network file system (${found.type} at ${found.mountPoint})`, hint);
  }
  return ok('file-system', `${found.type} at ${found.mountPoint}`);
}

/** Bytes free under which a training is likely to be hurt, and under which a record is. */
const room = { low: 10 * 2 ** 30, least: 2 ** 30 };

export async function examineSpace({ directory }: Home): Promise<Finding> {
  const { bavail, bsize, blocks } = await statfs(directory);
  const free = bavail * bsize;
  const text = `${gibibytes(free)} of ${gibibytes(blocks * bsize)} free under ${directory}`;
  if (free >= room.low) return ok('space', text);
  const hint = 'See what takes the space: spoor trash ls; du -sh on the output directories.';
  const tell = free >= room.least ? problem : broken;
  return tell('space', text, hint, ['spoor trash ls']);
}

/** A disk that fills up ends a training whose log has no space reserved. */
export function examineReservation(env: Readonly<Record<string, string | undefined>>): Finding {
  if (process.platform !== 'linux') return note('log-space', 'space for logs is not reserved on this system');
  // Where `src/launch/log.ts` looks for it.
  const places = { env: { ...env, PATH: '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin' }, cwd: '/' };
  return findProgram('fallocate', places) === null
    ? problem(
        'log-space',
        'fallocate is missing: a disk that fills up would stop a training that prints',
        'Install util-linux.',
        ['sudo apt-get install util-linux'],
      )
    : ok('log-space', 'space for logs can be reserved');
}

/** The runs, as the catalog or the folders tell; those whose recorder is gone were settled before. */
export async function examineRuns(home: Home, now: Date): Promise<Finding> {
  const notices: string[] = [];
  try {
    const runs = await listRuns(home, { query: [], sort: '-started', limit: null, now }, (event) => {
      if (event.type === 'warning') notices.push(event.warning.message);
    });
    const unsettled = (await listActive(home)).length;
    const text = `${runs.length} recorded${unsettled > 0 ? `, ${unsettled} of them not complete yet` : ''}`;
    return notices.length > 0
      ? problem('runs', `${text}; ${notices.join('; ')}`)
      : ok('runs', text, 'spoor verify checks every object against its hash.', ['spoor verify']);
  } catch (error) {
    return broken(
      'runs',
      `the runs cannot be listed: ${errorText(error)}`,
      error instanceof SpoorError ? error.hint : null,
    );
  }
}

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
