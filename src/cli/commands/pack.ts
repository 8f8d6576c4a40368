import { resolve } from 'node:path';
import { loadRun } from '../../tracker/load-run.ts';
import { packRun } from '../../tracker/pack-run.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { plural, size } from '../text.ts';

export async function pack(
  context: Context,
  reference: string,
  options: { output?: string; withSecrets?: true; json?: true },
): Promise<number> {
  const { home, recording, find } = await openSettled(context);
  const id = await find(reference);
  const { name } = await loadRun(home, id);
  const plain = name.full.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 100);
  const file = resolve(context.cwd, options.output ?? `${plain}-${id.slice(0, 10)}.spoor.tar`);
  const packed = await packRun(recording, id, file, options.withSecrets === true);
  if (options.json) context.stdout.write(`${jsonText({ file, ...packed })}\n`);
  else context.stdout.write(`${file}  ${size(packed.bytes)}, ${plural(packed.objects, 'object')}\n`);
  if (packed.missing.length > 0)
    warn(
      context,
      `${plural(packed.missing.length, 'object')} of this run are not in the store`,
      'spoor verify RUN names them.',
    );
  return 0;
}
