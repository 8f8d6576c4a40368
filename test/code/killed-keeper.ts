/**
 * Makes a snapshot durable and keeps its history, and kills itself with SIGKILL before or after the
 * n-th step of git: `killed-keeper.ts HOME CODE RUN SNAPSHOT GIT-DIRECTORY HEAD N before|after`.
 */
import { join } from 'node:path';
import { makeSnapshotDurable } from '../../src/store/code/durable-snapshot.ts';
import { gitProcess } from '../../src/store/code/git-process.ts';
import { keepHistory } from '../../src/store/code/history.ts';
import { CodeRepositories } from '../../src/store/code-repositories.ts';

const [home = '', code = '', run = '', snapshot = '', gitDirectory = '', head = '', at, when] = process.argv.slice(2);
const git = gitProcess({ PATH: process.env.PATH });
let step = 0;
const port = new CodeRepositories(
  { codeDirectory: join(home, 'code'), cacheDirectory: join(home, 'cache'), scratchDirectory: join(home, 'cache/git') },
  async (args, options) => {
    const mine = ++step === Number(at);
    if (mine && when === 'before') process.kill(process.pid, 'SIGKILL');
    const result = await git(args, options);
    if (mine && when === 'after') process.kill(process.pid, 'SIGKILL');
    return result;
  },
);
await makeSnapshotDurable(port, code, run, snapshot);
await keepHistory(port.git, port.named(code).gitDirectory, { gitDirectory, head });
