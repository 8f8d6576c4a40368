/** Exceptions that only say that another process failed. */
const launchers = /^(?:subprocess\.)?CalledProcessError\b|ChildFailedError\b|ProcessRaisedException\b/;

/** The exception lines of the tracebacks in a log's tail, in order, launchers' own left out. */
export function exceptionLines(tail: readonly string[]): string[] {
  const found: string[] = [];
  let inside = false;
  for (const raw of tail) {
    const line = raw.replace(/^\[rank\d+\]:\s?/, '');
    if (line.startsWith('Traceback (most recent call last)')) inside = true;
    else if (inside && /^\S/.test(line)) {
      inside = false;
      if (/^[A-Za-z_][\w.]*(?::|$)/.test(line) && !launchers.test(line)) found.push(line);
    }
  }
  return found;
}

/** The status of the process that a launcher started, as a shell would give it; null where no launcher said. */
export function childStatus(tail: readonly string[]): number | null {
  for (const line of tail.toReversed()) {
    const status = /returned non-zero exit status (\d+)/.exec(line)?.[1];
    if (status !== undefined) return Number(status);
    const signal = /died with <Signals\.\w+: (\d+)>/.exec(line)?.[1];
    if (signal !== undefined) return 128 + Number(signal);
    const worker = /^\s*exitcode\s*:\s*(-?\d+)/.exec(line)?.[1];
    if (worker !== undefined) return Number(worker) < 0 ? 128 - Number(worker) : Number(worker);
  }
  return null;
}
