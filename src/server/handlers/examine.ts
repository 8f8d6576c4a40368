import { SpoorError } from '../../model/errors.ts';
import { examineBytes } from '../../tracker/examine-bytes.ts';
import type { Origin } from '../../tracker/whence-match.ts';
import type { ServerContext } from '../context.ts';
import type { Some } from '../handler.ts';

export function examineHandlers({ recording: { home } }: ServerContext): Some<'examine'> {
  return {
    async examine({ name, bytes, sha256, tensorSha256, body }) {
      if (bytes < body.length) {
        throw new SpoorError('usage', 'bad-request', `parameter "bytes": ${bytes} is less than what was sent`);
      }
      const file = { name, bytes, begin: body, sha256: sha256 ?? null, tensorSha256: tensorSha256 ?? null };
      const { inspected, whence } = await examineBytes(home, file);
      const model = inspected.format === 'safetensors' ? inspected : null;
      return {
        name,
        kind: whence.kind,
        ...originOf(whence),
        model: model && {
          headerBytes: model.headerBytes,
          tensors: model.tensors,
          parameters: model.parameters,
          dtypes: model.dtypes,
          blocks: model.blocks.map(({ alphas: _alphas, norm: _norm, ...block }) => block),
          metadata: model.metadata,
          raw: { ...model.raw },
        },
        texts: 'texts' in inspected ? inspected.texts : null,
        loras: whence.loras.map((lora) => ({
          name: lora.name,
          weight: lora.weight,
          hash: lora.hash,
          ...originOf(lora),
        })),
      };
    },
  };
}

function originOf({ run, step, epoch, final, sure, why, others }: Origin) {
  return { run, step, epoch, final: final === true, sure, why, others };
}
