/** For the benchmark `follow`: writes an event file as a trainer does. Arguments: the file, steps, milliseconds a step. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { event, fileVersion, scalarValue } from '../src/formats/tfevents/testing/write-events.ts';

const [path = '', steps = '0', pause = '0'] = process.argv.slice(2);
const tags = ['loss/current', 'loss/average', 'lr/unet', 'lr/textencoder', 'lr/group0', 'lr/group1'];
const file = openSync(path, 'a');
writeSync(file, fileVersion(Date.now() / 1000));
for (let step = 1; step <= Number(steps); step++) {
  await delay(Number(pause));
  for (const tag of tags) {
    const time = (performance.timeOrigin + performance.now()) / 1000;
    writeSync(file, event(time, step, scalarValue(tag, 1 / step)));
  }
}
closeSync(file);
