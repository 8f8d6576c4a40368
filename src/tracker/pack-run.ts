import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SpoorError } from '../model/errors.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { type Packed, type PackedFile, packRun as writePack } from '../store/pack.ts';
import { loadRun } from './load-run.ts';
import { codeOf } from './ports.ts';
import type { Recording } from './request.ts';

/**
 * Writes one self-contained file of a run: its folder, every object that its facts name, and for each
 * repository a git bundle of snapshot and history. Errors: `run-is-running`, `likely-secrets`, `cannot-write`.
 */
export async function packRun(recording: Recording, id: RunId, target: string, withSecrets: boolean): Promise<Packed> {
  const { home } = recording;
  const run = await loadRun(home, id);
  if (run.endedAt === null) {
    throw new SpoorError(
      'busy',
      'run-is-running',
      `run ${id} has not ended`,
      'Pack it when it has; spoor log RUN -f waits.',
    );
  }
  if (!withSecrets) refuseSecrets(run);
  const scratch = await mkdtemp(join(dirname(target), '.spoor-pack-')).catch((error) => {
    const hint = 'Choose another place with -o.';
    throw new SpoorError('cannot-write', 'cannot-write', `${dirname(target)} cannot be written to`, hint, error);
  });
  try {
    return await writePack(home, id, target, await bundles(recording, run, scratch));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function refuseSecrets({ repos }: Run): void {
  const found = repos.flatMap(({ name, likelySecrets }) =>
    likelySecrets.map(({ path, kind }) => `${name}/${path} (${kind})`),
  );
  if (found.length === 0) return;
  const shown = found.slice(0, 5).join(', ') + (found.length > 5 ? ` and ${found.length - 5} more` : '');
  const hint = 'A pack is made to be shared. If these are none, or it stays with you: --with-secrets';
  throw new SpoorError('refused', 'likely-secrets', `the code of this run seems to hold secrets: ${shown}`, hint);
}

async function bundles({ home, env }: Recording, run: Run, scratch: string): Promise<PackedFile[]> {
  const code = codeOf(home, env);
  const files: PackedFile[] = [];
  for (const repo of run.repos) {
    if (repo.code === null || repo.snapshot === null) continue;
    const { gitDirectory } = code.named(repo.code);
    const path = join(scratch, `${repo.code}.bundle`);
    const refs = [
      `refs/spoor/runs/${run.id}`,
      ...(repo.history && repo.head ? [`refs/spoor/history/${repo.head}`] : []),
    ];
    const made = await code.git(['bundle', 'create', '--quiet', path, ...refs], {
      gitDirectory,
      milliseconds: 600_000,
    });
    if (made.status !== 0) {
      const hint = 'spoor verify RUN says what is damaged.';
      throw new SpoorError(
        'corrupt',
        'code-damaged',
        `the code of ${repo.name} cannot be packed: ${made.stderr.trim()}`,
        hint,
      );
    }
    files.push({ path, name: `code/${repo.code}.bundle` });
  }
  return files;
}
