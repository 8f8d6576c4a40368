import type { HeldFiles } from '../capture/files/held-files.ts';
import type { Images } from '../images/images.ts';
import type { Warning } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import type { KeptCheckpoints, Settings, StopReason } from '../model/settings.ts';
import type { Home } from '../store/home.ts';
import type { Found } from './late/late-capture.ts';

/** What `spoor run` was asked to do. Paths as the user gave them, relative to `cwd`. */
export interface RunRequest {
  command: string[];
  /** The bytes of those words of the command that are no UTF-8, by their place. */
  bytes?: ReadonlyMap<number, Uint8Array>;
  cwd: string;
  /** The caller's environment. */
  env: Record<string, string | undefined>;
  userHome: string;
  name: string | null;
  outputDir: string | null;
  datasets: string[];
  repos: string[];
  script: string | null;
  conda: string | null;
  reason: string | null;
  tags: string[];
  parent: string | null;
  /** Whether the output directory may be cleaned after a failure. */
  clean: boolean;
  /** Which checkpoints are copied; absent: as the settings say. */
  keepCheckpoints?: KeptCheckpoints;
  mode: 'attached' | 'detached' | 'pty';
  /** Whether Spoor took the place of the trainer's own process, which someone else started. */
  wrapped: boolean;
  /** What ends the training, in place of what the settings say. */
  stopOn?: StopReason[];
  /** Set for a training that runs already, which Spoor did not start. */
  found?: Found;
}

/** What the use cases of recording need of the process they run in. */
export interface Recording {
  home: Home;
  host: string;
  /** Where programs such as git are found: PATH counts. */
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** Version of Spoor. */
  version: string;
  /** What the user chose for all runs. */
  settings: Settings;
  /** Makes previews; without it none are made. */
  images?: Images;
  /** What of it could not be understood, to be told with the run; nothing where that was told before. */
  problems?: readonly Warning[];
  /** Starts the process that sends messages of a run; absent where nobody wants any. */
  deliver?(id: RunId): void;
  /** Files that were opened before the trainer started; the run's first recorder has them. */
  held?: HeldFiles;
}
