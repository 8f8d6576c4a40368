import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

/** A small shell program in the world's `bin`, standing in for one that the machine may lack. */
export function program(world: World, name: string, script: string): string {
  const path = world.write(join(world.root, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
