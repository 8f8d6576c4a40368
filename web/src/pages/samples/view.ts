import type { Place, PromptRow, SampleGrid, SampleRun } from './grid.ts';
import type { ViewName } from './samples.tsx';

/** How they are looked at; every part of it stands in the address. */
export interface Look {
  way: 'slider' | 'side' | 'blink' | 'difference';
  lay: 'beneath' | 'beside';
  /** Width of a picture in the matrix, in pixels. */
  size: number;
  /** As `zoomText` writes it. */
  zoom: string | undefined;
}

const ways: readonly Look['way'][] = ['slider', 'side', 'blink', 'difference'];

/** As an address has it. */
export function lookOf(search: {
  way?: string | undefined;
  lay?: Look['lay'] | undefined;
  size?: number | undefined;
  zoom?: string | undefined;
}): Look {
  return {
    way: ways.find((way) => way === search.way) ?? 'slider',
    lay: search.lay ?? 'beneath',
    size: Math.min(512, Math.max(72, search.size ?? 144)),
    zoom: search.zoom,
  };
}

/** What every view of samples is handed. */
export interface ViewProps {
  runs: readonly SampleRun[];
  /** The colours of the runs, as places among all that the page shows. */
  colours: readonly number[];
  grid: SampleGrid;
  /** The step that is looked at; null where there is none. */
  place: Place | null;
  prompt: PromptRow | null;
  look: Look;
  onLook: (look: Partial<Look>) => void;
  onPlace: (place: Place) => void;
  onPrompt: (index: number) => void;
  onView: (view: ViewName) => void;
}
