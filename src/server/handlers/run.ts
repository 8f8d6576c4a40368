import { SpoorError } from '../../model/errors.ts';
import type { FileState } from '../../model/facts.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { textAnswer } from '../bytes.ts';
import type { ServerContext } from '../context.ts';
import type { Some } from '../handler.ts';
import { named, opaque } from '../opaque.ts';

const mostTextBytes = 16 << 20;

export function runHandlers({
  recording: { home },
}: ServerContext): Some<'showRun' | 'journal' | 'listFiles' | 'readFile'> {
  const idOf = (run: string) => (file: FileState) =>
    opaque('file', run, file.role, file.path, file.key, file.sha256, file.changed?.at ?? null);

  return {
    showRun: ({ run }) => loadRun(home, run),

    async journal({ run, from, count }) {
      const { facts, unreadable } = await home.runs.facts(run);
      if (facts.length === 0) await loadRun(home, run);
      return { facts: facts.slice(from, from + count), total: facts.length, unreadable };
    },

    async listFiles({ run: id }) {
      const { files } = await loadRun(home, id);
      return {
        files: files.map((file) => ({
          id: idOf(id)(file),
          role: file.role,
          path: file.path,
          key: file.key,
          bytes: file.bytes,
          sha256: file.sha256,
          kept: file.object !== null,
          redactedKeys: file.redactedKeys ?? [],
          changedAt: file.changed?.at ?? null,
        })),
      };
    },

    async readFile({ run: id, file: wanted }, { header }) {
      const { files } = await loadRun(home, id);
      const file = named(wanted, files, idOf(id), 'file');
      if (file.object === null) {
        throw new SpoorError('not-found', 'not-kept', `${file.path} is recorded by its hash only`, null);
      }
      const bytes = (await home.objects.get(file.object)) as Uint8Array<ArrayBuffer>;
      if (bytes.length > mostTextBytes) throw new SpoorError('data', 'too-large', `${file.path} is too long to show`);
      return textAnswer(bytes, file.object, header('if-none-match'));
    },
  };
}
