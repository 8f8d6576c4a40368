import { useLayoutEffect, useRef } from 'react';
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
  // A key that is held comes faster than the page is drawn.
  const now = useRef({ place: place?.key, prompt: prompt?.index });
  useLayoutEffect(() => {
    now.current = { place: place?.key, prompt: prompt?.index };
  }, [place?.key, prompt?.index]);
  const choose = (next: Place | undefined) => {
    if (!next) return;
    now.current.place = next.key;
    onPlace(next);
  };
  const go = (step: number) =>
    choose(grid.places[grid.places.findIndex(({ key }) => key === now.current.place) + step]);
  const turn = (step: number) => {
    const next = grid.rows[grid.rows.findIndex(({ index }) => index === now.current.prompt) + step];
    if (!next) return;
    now.current.prompt = next.index;
    onPrompt(next.index);
  };
  useKeys({
    ArrowRight: () => go(1),
    ArrowLeft: () => go(-1),
    ArrowDown: () => turn(1),
    ArrowUp: () => turn(-1),
    Home: () => choose(grid.places[0]),
    End: () => choose(grid.places.at(-1)),
  });
}
