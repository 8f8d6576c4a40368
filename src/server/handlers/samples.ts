import type { Run } from '../../model/run.ts';
import { opaque } from '../opaque.ts';

type Made = Run['artifacts'][number];

/** Of one version of the file: another picture under the same name has another id. */
export function sampleId({ id }: Run, { path, sha256 }: Made): string {
  return opaque('sample', id, path, sha256);
}

export const hasPreview = ({ preview }: Made) => preview !== undefined;

/** Whether the picture is kept, or lies where the run made it, on this machine. */
export function hasOriginal({ host }: Run, { object, goneAt, path }: Made, here: string): boolean {
  return object !== undefined || (goneAt === null && host === here && /\.(?:png|jpe?g|webp|gif|avif)$/i.test(path));
}

/** Whether there is a picture to show. */
export function isShown(run: Run, made: Made, here: string): boolean {
  return hasPreview(made) || hasOriginal(run, made, here);
}
