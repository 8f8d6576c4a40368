/** Wrappers that change how the process runs, not what: nohup, nice, taskset, time, … */
import { type OptionSpec, scanOptions } from './options.ts';
import { command, type SeeThrough } from './step.ts';

/** A wrapper with options, then `positionals` words of its own, then the command. */
function prefix(spec: OptionSpec, positionals: (options: string[]) => number = () => 0): SeeThrough {
  return (args) => {
    const scanned = scanOptions(args, spec);
    if (scanned === null) return null;
    return command(scanned.rest.slice(positionals(scanned.options.map((option) => option.name))));
  };
}

/** `nice -5 command` is the old form of `nice -n 5 command`. */
const nice: SeeThrough = (args, path, program) =>
  /^-{1,2}\d+$/.test(args[0] ?? '')
    ? command(args.slice(1))
    : prefix({ values: ['-n', '--adjustment'] })(args, path, program);

export const processWrappers: Readonly<Record<string, SeeThrough>> = {
  nohup: prefix({}),
  nice,
  ionice: prefix({ flags: ['-t', '--ignore'], values: ['-c', '--class', '-n', '--classdata'] }),
  taskset: prefix({ flags: ['-a', '--all-tasks', '-c', '--cpu-list'] }, () => 1),
  time: prefix({
    flags: ['-p', '--portability', '-v', '--verbose', '-a', '--append', '-q', '--quiet', '-l', '-h'],
    values: ['-o', '--output', '-f', '--format'],
  }),
  stdbuf: prefix({ values: ['-i', '--input', '-o', '--output', '-e', '--error'] }),
  setsid: prefix({ flags: ['-c', '--ctty', '-f', '--fork', '-w', '--wait'] }),
  'xvfb-run': prefix({
    flags: ['-a', '--auto-servernum', '-l', '--listen-tcp'],
    values: [
      '-e',
      '--error-file',
      '-f',
      '--auth-file',
      '-n',
      '--server-num',
      '-p',
      '--xauth-protocol',
      '-s',
      '--server-args',
      '-w',
      '--wait',
    ],
  }),
  chrt: prefix(
    {
      flags: [
        '-b',
        '--batch',
        '-f',
        '--fifo',
        '-i',
        '--idle',
        '-o',
        '--other',
        '-r',
        '--rr',
        '-R',
        '--reset-on-fork',
        '-v',
        '--verbose',
      ],
    },
    () => 1,
  ),
  timeout: prefix(
    {
      flags: ['--foreground', '-v', '--verbose', '--preserve-status'],
      values: ['-k', '--kill-after', '-s', '--signal'],
    },
    () => 1,
  ),
  numactl: prefix({
    flags: ['-l', '--localalloc', '-b', '--balancing'],
    values: [
      '-N',
      '--cpunodebind',
      '-m',
      '--membind',
      '-C',
      '--physcpubind',
      '-i',
      '--interleave',
      '-p',
      '--preferred',
    ],
  }),
  caffeinate: prefix({ flags: ['-d', '-i', '-m', '-s', '-u'], values: ['-t'] }),
};
