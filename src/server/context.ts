import type { Answer } from '../api/routes.ts';
import type { SettingsChange, SettingsFile } from '../api/settings.ts';
import type { Finding } from '../tracker/doctor/finding.ts';
import type { Recording } from '../tracker/request.ts';
import type { Hub } from './live/hub.ts';
import type { HomeWatcher } from './live/watch-home.ts';
import type { RunsIndex } from './runs-index.ts';

export type { ReceiverChange, ReceiverRow, SettingRow, SettingsChange, SettingsFile } from '../api/settings.ts';

/** The settings file of whoever serves: read and written by the outermost layer, which knows where it is. */
export interface SettingsPort {
  /** Without its secrets. */
  read(): Promise<SettingsFile>;
  /**
   * Nothing is written where the change has a fault.
   * Errors: `written-meanwhile`, `bad-settings`, `set-in-the-file`, `cannot-edit-settings`, `cannot-write`.
   */
  write(change: SettingsChange, revision: string): Promise<Answer<'writeSettings'>>;
  /** Errors: `no-such-receiver`. */
  test(name: string): Promise<Answer<'testReceiver'>>;
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
  settings: SettingsPort;
}
