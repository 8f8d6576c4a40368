import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One GPU of the stand-in: what the driver answers, by the names of `nvidia-smi --help-query-gpu`. */
export type StandInGpu = Record<string, string | number>;

export interface StandIn {
  /** The program. */
  program: string;
  /** What it answers from its next look on. */
  answer(gpus: readonly StandInGpu[]): void;
}

export function standInGpu(index: number, more: StandInGpu = {}): StandInGpu {
  return {
    index,
    name: 'NVIDIA GeForce RTX 4090',
    uuid: `GPU-0000000${index}-0000-0000-0000-000000000000`,
    driver_version: '550.54.14',
    'utilization.gpu': 97,
    'memory.used': 20_480,
    'memory.total': 24_564,
    'temperature.gpu': 71,
    'power.draw': '312.45',
    ...more,
  };
}

/**
 * Puts an `nvidia-smi` into `directory` that answers queries as the real one does (550.54): CSV without
 * units, once or in a loop; it names a field that it does not know, and can hang or fail.
 */
export function standInNvidiaSmi(
  directory: string,
  gpus: readonly StandInGpu[],
  way: 'answers' | 'hangs' | 'fails' | 'dies' = 'answers',
): StandIn {
  const program = join(directory, 'nvidia-smi');
  const answers = join(directory, 'nvidia-smi.json');
  const answer = (each: readonly StandInGpu[]) => writeFileSync(answers, JSON.stringify(each));
  answer(gpus);
  writeFileSync(program, source(answers, way), { mode: 0o755 });
  return { program, answer };
}

const source = (answers: string, way: string) => `#!/usr/bin/python3
import json, signal, sys, time
way = ${JSON.stringify(way)}
if way == "hangs":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(1)
if way == "fails":
    print("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\\n")
    sys.exit(9)
options = dict(word.partition("=")[::2] for word in sys.argv[1:])
fields = options["--query-gpu"].split(",")
if options["--format"] != "csv,noheader,nounits":
    sys.exit(2)
pause = float(options["--loop-ms"]) / 1000 if "--loop-ms" in options else None
while True:
    for gpu in json.load(open(${JSON.stringify(answers)})):
        unknown = [field for field in fields if field not in gpu]
        if unknown:
            print('Field "%s" is not a valid field to query.\\n' % unknown[0])
            sys.exit(2)
        print(", ".join(str(gpu[field]) for field in fields))
    sys.stdout.flush()
    if way == "dies":
        print("Unable to determine the device handle for GPU0000:01:00.0: Unknown Error")
        sys.exit(15)
    if pause is None:
        break
    time.sleep(pause)
`;
