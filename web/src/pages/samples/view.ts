import type { Place, PromptRow, SampleGrid, SampleRun } from './grid.ts';
import type { ViewName } from './samples.tsx';

/** What every view of samples is handed. */
export interface ViewProps {
  runs: readonly SampleRun[];
  grid: SampleGrid;
  /** The step that is looked at; null where there is none. */
  place: Place | null;
  prompt: PromptRow | null;
  onPlace: (place: Place) => void;
  onPrompt: (index: number) => void;
  onView: (view: ViewName) => void;
}
