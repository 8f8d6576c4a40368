import type { Told } from '../model/facts.ts';
import type { FactLog } from '../model/ports.ts';

export type TellFacts = (...facts: Told[]) => Promise<void>;

/**
 * Facts for which the disk has no room wait in memory, in order, for the next to be told: following
 * goes on, and what was found is written when there is room.
 *
 * @returns `settle` writes what still waits. Errors: `cannot-write`
 */
export function heldFacts(log: Pick<FactLog, 'append'>): { tell: TellFacts; settle(): Promise<void> } {
  const held: Told[] = [];
  const settle = async () => {
    const batch = held.splice(0);
    try {
      await log.append(...batch);
    } catch (error) {
      held.unshift(...batch);
      throw error;
    }
  };
  return {
    async tell(...facts) {
      held.push(...facts);
      await settle().catch(() => {});
    },
    settle,
  };
}
