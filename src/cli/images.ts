import { join } from 'node:path';
import { type Images, openImages } from '../images/images.ts';
import { packageRoot } from './package.ts';

/** Makes pictures in a process of its own, which starts with the first. */
export function imageWorker(env: NodeJS.ProcessEnv): Images {
  const [program, font] = ['images.js', 'DejaVuSans.ttf'].map((name) => join(packageRoot, 'dist', name));
  return openImages({ command: [process.execPath, program!, font!], env });
}
