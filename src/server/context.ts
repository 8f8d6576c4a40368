import type { Finding } from '../tracker/doctor/finding.ts';
import type { Recording } from '../tracker/request.ts';
import type { Hub } from './live/hub.ts';
import type { HomeWatcher } from './live/watch-home.ts';
import type { RunsIndex } from './runs-index.ts';

/** The settings file as it is understood. */
export interface SettingsRead {
  file: string;
  exists: boolean;
  settings: Record<string, unknown>;
  problem: string | null;
}

/** What handlers work with. */
export interface ServerContext {
  recording: Recording;
  userHome: string;
  /** Directory in which cleaning stands, so that it never removes it. */
  cwd: string;
  index: RunsIndex;
  watcher: HomeWatcher;
  hub: Hub;
  /** Settles once the watcher knows how everything stood. */
  followed: Promise<void>;
  examine(): Promise<Finding[]>;
  readSettings(): Promise<SettingsRead>;
}
