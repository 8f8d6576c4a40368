import { useKeys } from '../../lib/keys.ts';
import type { Place, PromptRow, SampleGrid } from './grid.ts';

/** Left and right go through the steps, up and down through the prompts. */
export function useStepKeys(
  grid: SampleGrid,
  place: Place | null,
  prompt: PromptRow | null,
  onPlace: (place: Place) => void,
  onPrompt: (index: number) => void,
): void {
  const go = (step: number) => {
    const at = grid.places.findIndex(({ key }) => key === place?.key);
    const next = grid.places[at + step];
    if (next) onPlace(next);
  };
  const turn = (step: number) => {
    const at = grid.rows.findIndex(({ index }) => index === prompt?.index);
    const next = grid.rows[at + step];
    if (next) onPrompt(next.index);
  };
  useKeys({
    ArrowRight: () => go(1),
    ArrowLeft: () => go(-1),
    ArrowDown: () => turn(1),
    ArrowUp: () => turn(-1),
    Home: () => grid.places[0] && onPlace(grid.places[0]),
    End: () => {
      const last = grid.places.at(-1);
      if (last) onPlace(last);
    },
  });
}
