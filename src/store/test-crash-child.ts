/** Commits a staged capture and puts a file, and kills itself at the step whose number it is given. */
import { join } from 'node:path';
import { openHome } from './home.ts';
import { DiskObjects } from './objects/disk.ts';
import { commitStaged } from './staging.ts';

const [directory, id, killAt] = process.argv.slice(2) as [string, string, string];
let step = 0;
const onStep = () => {
  if (step++ === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};
const home = await openHome(directory, 'lair');
const objects = new DiskObjects(join(directory, 'objects'), onStep);
const log = home.runs.openLog(id, 'journal');
await commitStaged(home.runs.path(id), objects, log, onStep);
await log.close();
await objects.putFile(join(directory, 'image.png'));
