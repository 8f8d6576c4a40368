/**
 * The process that sends messages of one run: `notifier HOME RUN`. Started when something has happened, by the
 * recorder or by a command that finds messages left behind; it ends when all is told or given up.
 */
import { homedir, hostname, constants as os, setPriority } from 'node:os';
import { openHome } from '../store/home.ts';
import { notifyRun } from '../tracker/notify/notify-run.ts';
import { imageWorker } from './images.ts';
import { version } from './package.ts';
import { readSettings } from './settings.ts';

const [directory = '', id = ''] = process.argv.slice(2);
const { env, platform } = process;
setPriority(os.priority.PRIORITY_LOW);
const { settings } = await readSettings(env, env.HOME || homedir());
const home = await openHome(directory);
const recording = { home, host: hostname(), env, now: () => new Date(), version, settings, images: imageWorker(env) };
await notifyRun(recording, id, { env, platform });
// A name that is still being resolved, a program that goes on: nobody waits for them.
process.exit();
