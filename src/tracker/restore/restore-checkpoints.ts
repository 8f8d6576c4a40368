import { link, mkdir, open, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { MadeArtifact, Run } from '../../model/run.ts';
import { cannotWrite } from '../../store/cannot-write.ts';
import type { Home } from '../../store/home.ts';
import { sha256OfStream } from '../../store/objects/object.ts';
import type { FoundContent } from './content.ts';
import { freeName } from './inside.ts';
import type { NotRestored, Restored } from './restored.ts';

/**
 * Puts checkpoints into `checkpoints/`: those whose bytes are kept, and those that still stand where the trainer
 * wrote them. What is neither is missing.
 */
export async function restoreCheckpoints(
  { objects }: Home,
  { artifacts }: Run,
  into: string,
  content: FoundContent,
): Promise<{ checkpoints: Restored['checkpoints']; missing: NotRestored[] }> {
  const wanted = artifacts.filter(({ kind }) => kind === 'checkpoint');
  const restored: Restored['checkpoints'] = [];
  const missing: NotRestored[] = [];
  if (wanted.length > 0) await mkdir(join(into, 'checkpoints'));
  const taken = new Set<string>();
  for (const artifact of wanted) {
    const { path: from, step, epoch, sha256, bytes } = artifact;
    const path = `checkpoints/${freeName(basename(from), taken)}`;
    const isThere =
      (await written(objects, artifact, join(into, path))) || (await found(artifact, content, join(into, path)));
    if (isThere) restored.push({ path, from, step, epoch, sha256 });
    else missing.push({ kind: 'checkpoint', path, reason: reasonOf(artifact), sha256, bytes });
  }
  return { checkpoints: restored, missing };
}

async function written(objects: Home['objects'], { object }: MadeArtifact, to: string): Promise<boolean> {
  if (object === undefined || !(await objects.has(object))) return false;
  const draft = `${to}.part`;
  const file = await open(draft, 'wx', 0o644).catch((error) => {
    throw cannotWrite(draft, error);
  });
  try {
    const copied = async function* () {
      for await (const chunk of objects.stream(object)) {
        await file.writeFile(chunk);
        yield chunk;
      }
    };
    if ((await sha256OfStream(copied())) !== object) return false;
    await link(draft, to);
    return true;
  } catch (error) {
    throw cannotWrite(to, error);
  } finally {
    await file.close();
    await unlink(draft);
  }
}

async function found({ path, sha256 }: MadeArtifact, content: FoundContent, to: string): Promise<boolean> {
  return sha256 !== null && (await content.copyFrom(sha256, [Buffer.from(path)], Buffer.from(to)));
}

function reasonOf({ removed, goneAt, object }: MadeArtifact): string {
  if (object !== undefined) return 'the kept copy is missing or damaged: spoor verify';
  if (removed) return removed.trash === null ? 'it was pruned' : 'it lies in the trash: spoor trash restore';
  return goneAt === null
    ? 'no copy was kept, and the file is not what it was'
    : 'the trainer deleted it, and no copy was kept';
}
