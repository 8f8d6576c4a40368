/**
 * Models that were opened before the trainer started and are hashed while it runs: what becomes of
 * their names meanwhile does not matter.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { StampText } from '../../model/later.ts';
import { openPlain } from './model-file.ts';

/** At most so many are held for a run; the others are opened again by name. */
export const mostHeld = 64;

/** Opens the file of a handle once more, for a process to inherit. Null where the system cannot. */
export function hold(handle: FileHandle): number | null {
  try {
    return openSync(pathOf(handle.fd), 'r');
  } catch {
    return null;
  }
}

/** The files that a process was handed, found again by their identity. */
export class HeldFiles {
  readonly #descriptors = new Map<string, number>();

  /** @param descriptors of which it becomes the owner; those that are not open are left out */
  constructor(descriptors: readonly number[]) {
    for (const descriptor of descriptors) {
      try {
        this.#descriptors.set(identityOf(fstatSync(descriptor, { bigint: true })), descriptor);
      } catch {
        // Opened again by name.
      }
    }
  }

  /** The file of this stamp, to be closed by the caller; null if it is not held. */
  async open(stamp: StampText): Promise<FileHandle | null> {
    const descriptor = this.#descriptors.get(identityOf(stamp));
    return descriptor === undefined ? null : openPlain(pathOf(descriptor)).catch(() => null);
  }

  /** Lets go of it, so that what was removed gives its space back. */
  release(stamp: StampText): void {
    const descriptor = this.#descriptors.get(identityOf(stamp));
    if (descriptor === undefined) return;
    this.#descriptors.delete(identityOf(stamp));
    closeSync(descriptor);
  }
}

const pathOf = (descriptor: number) => `/dev/fd/${descriptor}`;

function identityOf({ dev, ino }: { dev: bigint | string; ino: bigint | string }): string {
  return `${dev} ${ino}`;
}
