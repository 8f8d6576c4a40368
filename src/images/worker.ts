/**
 * The image worker's process: decodes and composes what it is sent on stdin, one image at a time, until
 * stdin ends. `worker FONT`. Images come from trainers and from other machines: a decoder that crashes,
 * hangs or takes too much memory is ended with its process, and nobody else.
 */
import { errorText } from '../model/errors.ts';
import { makePng, makePreview, openSharp } from './decode.ts';
import { type Frame, frameBytes, readFrames } from './frames.ts';
import { rasterise } from './rasterise.ts';
import { drawSheet } from './sheet.ts';
import type { Sheet } from './sheet-plan.ts';

const font = process.argv[2] ?? '';

async function answer({ header, blobs }: Frame): Promise<Frame> {
  const [first = new Uint8Array(0)] = blobs;
  switch (header.kind) {
    case 'preview': {
      const { image, webp, width, height } = await makePreview(first, header.whole === true);
      return { header: { image, width, height }, blobs: [webp] };
    }
    case 'png':
      return { header: {}, blobs: [await makePng(first, Number(header.width), Number(header.height))] };
    case 'sheet':
      return { header: {}, blobs: [await drawSheet(header.sheet as Sheet, blobs, font)] };
    case 'drawing':
      return { header: {}, blobs: [await rasterise(first, Number(header.scale), font)] };
    default:
      throw new Error(`no job "${String(header.kind)}"`);
  }
}

async function answered(frame: Frame): Promise<Frame> {
  try {
    return await answer(frame);
  } catch (error) {
    return { header: { error: errorText(error) }, blobs: [] };
  }
}

async function main(): Promise<void> {
  process.stdout.on('error', () => process.exit());
  let missing: string | null = null;
  await openSharp().catch((error) => {
    missing = errorText(error).split('\n')[0] ?? '';
  });
  for await (const frame of readFrames(process.stdin)) {
    const told = missing === null ? await answered(frame) : { header: { missing }, blobs: [] };
    // Kilobytes, as getrusage has it.
    const peak = process.resourceUsage().maxRSS * 1024;
    for (const part of frameBytes({ ...told, header: { ...told.header, peak } })) process.stdout.write(part);
  }
}

await main();
