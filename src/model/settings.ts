/**
 * What a person chose once, for all runs of this machine: `~/.config/spoor/config.toml` as
 * docs/settings.md describes it. Read by the outermost layer only and handed inward.
 */

export const notifyEvents = ['finish', 'failure', 'interrupted', 'nan', 'stall', 'disk'] as const;
export type NotifyEvent = (typeof notifyEvents)[number];

export const stopReasons = ['nan', 'stall'] as const;
export type StopReason = (typeof stopReasons)[number];

export const keptCheckpoints = ['last', 'starred', 'all', 'none'] as const;
/**
 * Which checkpoints are copied among the objects, so that a trainer that deletes them deletes no copy. Those with a
 * star are among the copied of `last` and `all` too.
 */
export type KeptCheckpoints = (typeof keptCheckpoints)[number];

export interface Settings {
  notify: {
    receivers: Receiver[];
    /** A run stalls when it makes no progress for so many times its usual step. */
    stallAfter: number;
    /** Bytes free where the trainer writes, below which the disk counts as nearly full. */
    diskBelow: number;
  };
  stop: {
    /** What ends a training that nobody told to go on. */
    on: StopReason[];
  };
  keep: {
    /** Bytes of sample images that are kept as they are, for each run; beyond it only previews. */
    samplesBudget: number;
    checkpoints: KeptCheckpoints;
  };
  price: {
    /** Money for an hour of one GPU, in `currency`; null where nobody said. */
    perGpuHour: number | null;
    /** As it is shown: `EUR`, `$`. */
    currency: string;
  };
  limits: {
    /** Bytes of the largest untracked file that is kept. */
    untrackedFile: number;
    /** Bytes of untracked and ignored files of one repository that are kept together. */
    untrackedTotal: number;
    /** Bytes of the largest tracked file that is kept. */
    trackedFile: number;
    /** Bytes of a dataset's images that are kept. */
    datasetImages: number;
  };
}

/** Where messages go. */
export type Receiver = ReceiverOptions &
  (
    | { type: 'desktop' }
    | (Web & { type: 'webhook'; headers: Record<string, string> })
    | (Web & { type: 'discord' })
    | (Web & { type: 'ntfy'; token: string | null })
    | { type: 'command'; argv: string[] }
  );

export const receiverTypes = ['desktop', 'webhook', 'discord', 'ntfy', 'command'] as const satisfies Receiver['type'][];

interface ReceiverOptions {
  /** Its table's name in the file. */
  name: string;
  on: NotifyEvent[];
  /** Whether a picture of its samples goes along when a run has finished, where the receiver takes files. */
  contactSheet: boolean;
  /** Whether the prompts may stand in it. */
  prompts: boolean;
}

interface Web {
  /** `http` or `https`. */
  url: string;
  /** Whether the address may be one of this machine or of a private network. */
  allowPrivate: boolean;
}

export const defaultSettings: Settings = {
  notify: { receivers: [], stallAfter: 10, diskBelow: 5_000_000_000 },
  stop: { on: [] },
  keep: { samplesBudget: 500_000_000, checkpoints: 'starred' },
  price: { perGpuHour: null, currency: '' },
  limits: {
    untrackedFile: 20 * 1024 * 1024,
    untrackedTotal: 512 * 1024 * 1024,
    trackedFile: 256 * 1024 * 1024,
    datasetImages: 2_000_000_000,
  },
};

/** What a receiver is told of, where the file does not say: an interruption was somebody's own wish. */
export const usualEvents: NotifyEvent[] = ['finish', 'failure', 'nan', 'stall', 'disk'];
