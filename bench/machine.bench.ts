/** What measuring the machine while it trains costs, without nvidia-smi itself. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sampleMachine } from '../src/follow/machine/sampler.ts';
import { processIdentity } from '../src/launch/identity.ts';
import { trainerProcesses } from '../src/launch/tree.ts';
import { MetricsWriter } from '../src/store/metrics/metrics-writer.ts';
import type { Benchmark } from './harness.ts';

const everyMs = 25;
const looks = 80;
/** As long as that many looks are apart in use. */
const spanMs = looks * 5_000;
let writers = 0;

const benchmark: Benchmark = (directory) => [
  {
    name: `CPU time of ${looks} looks at the machine`,
    peerName: '1% of a core for as long as they are apart',
    goal: 1,
    turns: 5,
    ours: {
      run: async () => {
        const before = process.cpuUsage();
        const waiter = processIdentity(process.ppid)!;
        const sampler = sampleMachine({
          sink: new MetricsWriter(join(directory, 'machine'), `bench ${writers++}`),
          pids: () => trainerProcesses({ runId: 'bench', waiter }),
          outputDir: directory,
          home: '/',
          nvidia: null,
          everyMs,
        });
        await delay(looks * everyMs);
        sampler.stop();
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      },
    },
    peer: { run: () => spanMs / 100 },
  },
];
export default benchmark;
