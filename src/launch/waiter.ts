/**
 * The waiter: a `/bin/sh` that starts the trainer, waits for it and writes down how it ended. It
 * needs nothing of Spoor once it runs, so the status is kept whatever becomes of the tracker.
 *
 * `$0` is the run's directory and `$@` the trainer's command: no variable is set before the trainer
 * starts, for one that the user exports would be changed. Descriptors: 0 and 1 are the trainer's, 3
 * is the trainer's standard error, 2 is `exit.t`.
 *
 * - `trap :` keeps the shell alive through what a terminal sends to the whole group; unlike
 *   `trap ''` it is not inherited by the trainer.
 * - `exec` in a subshell starts a program, never a builtin of the same name, at the cost of the one
 *   fork that is needed anyway.
 * - A shell's `$?` above 128 does not tell a signal from an exit status. But shells name the signal
 *   on their standard error ("Killed"), which is why that is `exit.t`. Where this shell said nothing
 *   of the trainer, a process killed by the same signal shows whether it ever would (dash is silent
 *   about INT and PIPE, bash also about signals it traps).
 * - The file has its final length from the start and is overwritten in place (`statusFile`), so that
 *   a full disk cannot refuse it.
 */
const script = (ignored: readonly NodeJS.Signals[], restored: string) => `# spoor: waits for the trainer
trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
( trap ': >"$0/exit.n"' EXIT; ${ignoring(ignored)}${restored}exec "$@" 2>&3 3>&- )
s=$?
PATH=/usr/bin:/bin:$PATH
export PATH
echo "status $s" >&2
if [ -e "$0/exit.n" ]; then echo 'not-started' >&2; fi
if [ $s -gt 128 ] && [ $s -lt 160 ]; then
  n=$(kill -l $s)
  case $n in
    HUP|INT|QUIT|ILL|TRAP|ABRT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|XCPU|XFSZ|VTALRM|PROF|SYS)
      echo "signal $n" >&2
      ( ulimit -c 0; exec /bin/sh -c "kill -$n \\$\\$" )
      echo >&2 ;;
  esac
fi
echo "ended $(date -u +%Y-%m-%dT%H:%M:%SZ)" >&2
mv -f "$0/exit.t" "$0/exit"
exit $s`;

export interface WaiterOptions {
  argv: readonly string[];
  /** The bytes of those of its words that are no UTF-8, by their place. */
  bytes?: ReadonlyMap<number, Uint8Array> | undefined;
  env: Readonly<Record<string, string>>;
  cwd: string;
  runDirectory: string;
  ignored: readonly NodeJS.Signals[];
}

/** Arguments for `/bin/sh`. */
export function waiterArguments(options: WaiterOptions): string[] {
  const first = throughEnv(options);
  const restored = restoring(options.bytes ?? new Map(), first.length, options.argv.length);
  return ['-c', script(options.ignored, restored), options.runDirectory, ...first, ...options.argv];
}

/** Node passes text on: words that are none are put together by the shell, in a variable that is gone before the trainer starts. */
function restoring(bytes: ReadonlyMap<number, Uint8Array>, before: number, count: number): string {
  if (bytes.size === 0) return '';
  const words = Array.from({ length: before + count }, (_, at) => {
    return bytes.has(at - before) ? `"\${__spoor_${at - before}%.}"` : `"\${${at + 1}}"`;
  });
  const octal = (word: Uint8Array) => [...word].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  // The dot keeps newlines at the end, which a shell would take away.
  const made = [...bytes].map(([at, word]) => `__spoor_${at}=$(printf '${octal(word)}.'); `).join('');
  const names = [...bytes.keys()].map((at) => `__spoor_${at}`);
  return `${made}set -- ${words.join(' ')}; unset ${names.join(' ')}; `;
}

/** What is ignored stays so in the trainer, as after `nohup` and `&`. */
function ignoring(signals: readonly NodeJS.Signals[]): string {
  return signals.length === 0 ? '' : `trap '' ${signals.map((signal) => signal.slice(3)).join(' ')}; `;
}

/**
 * Shells drop variables whose names are no identifiers (exported functions of bash among them) and
 * have their own idea of a few; `env` puts those back as they were.
 */
function throughEnv({ argv, env, cwd }: WaiterOptions): string[] {
  const assignments = Object.entries(env)
    .filter(([name, value]) => !survives(name, value, cwd))
    .map(([name, value]) => `${name}=${value}`);
  if (assignments.length === 0) return [];
  // `env` would take a program with `=` in its path for one more assignment; `nice` takes it as it is.
  return ['env', ...assignments, ...(argv[0]?.includes('=') ? ['nice', '-n', '0'] : [])];
}

function survives(name: string, value: string, cwd: string): boolean {
  if (name === 'PWD') return value === cwd;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== 'IFS' && name !== 'OPTIND' && name !== 'PPID';
}
