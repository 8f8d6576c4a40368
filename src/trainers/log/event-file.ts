/** What the name of an event file tells: `events.out.tfevents.1763931307.host.4711.0`. */
export interface EventFileName {
  /** Milliseconds since 1970, in whole seconds. */
  createdAt: number;
  host: string | null;
  pid: number | null;
}

/** Null for what TensorBoard's writers give no such name. Older ones leave out pid and count. */
export function readEventFileName(name: string): EventFileName | null {
  const [, seconds, rest] = /^events\.out\.tfevents\.(\d{9,11})\.([^/]+)$/.exec(name) ?? [];
  if (seconds === undefined || rest === undefined) return null;
  const [, host = rest, pid] = /^(.+?)\.(\d{1,10})\.\d+(?:\.v2)?$/.exec(rest) ?? [];
  return { createdAt: Number(seconds) * 1000, host, pid: pid === undefined ? null : Number(pid) };
}

export function isEventFile(name: string): boolean {
  return readEventFileName(name) !== null;
}
