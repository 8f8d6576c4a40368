import type { SeriesPoints } from '../../model/metrics.ts';
import type { MadeArtifact, Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import type { RunningRun } from '../../tracker/running-runs.ts';

/** A series of the run, with that of the version before it. */
export interface WatchedSeries {
  tag: string;
  points: SeriesPoints;
  seams: number[];
  before: { name: string; points: SeriesPoints } | null;
}

export interface WatchedSample {
  sample: MadeArtifact;
  /** `step 200`. */
  place: string;
}

/** All that the screen shows of one run at one moment. */
export interface Watched {
  run: Run;
  /** Null where it does not train any more. */
  running: RunningRun | null;
  loss: WatchedSeries | null;
  rate: WatchedSeries | null;
  /** Percent of all processors, lately. */
  cpu: number | null;
  /** Of the latest step that has some. */
  samples: WatchedSample[];
  /** Safe to be shown. The latest last. */
  log: string[];
}

/** The runs to choose from: those that train, and the one that was asked for. */
export interface Choice {
  id: RunId;
  name: string;
}
