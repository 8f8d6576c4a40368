/**
 * A browser opens six connections to one server, for all its windows together. So only a few windows keep a stream of
 * events open at once; the others ask now and then.
 */
const mostStreams = 3;

export interface Place {
  release(): void;
}

/** Null where all are taken. Where a browser has no locks (over a network, unencrypted) there is always one. */
export async function takePlace(): Promise<Place | null> {
  // Absent outside of secure contexts, whatever its type says.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return { release: () => {} };
  for (let i = 0; i < mostStreams; i++) {
    const place = await lockOf(locks, `spoor-stream-${i}`);
    if (place) return place;
  }
  return null;
}

function lockOf(locks: LockManager, name: string): Promise<Place | null> {
  return new Promise((resolve) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((release) => resolve({ release }));
      })
      // A page that is being left gets none.
      .catch(() => resolve(null));
  });
}
