import { isAlive } from '../launch/identity.ts';
import type { ProcessIdentity } from '../model/facts.ts';

/** For locks: the processes of other hosts and containers cannot be judged. */
export function livenessOf(owner: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  const state = isAlive(owner);
  return state === 'unknown-host' ? 'unknown' : state;
}
