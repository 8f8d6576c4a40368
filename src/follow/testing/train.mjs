/**
 * For tests: writes what a trainer writes, in the way it does: checkpoints piece by piece, samples,
 * states, old checkpoints removed, a log. Arguments: output directory, log, prompts file, pause in ms.
 */
import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const [output, log, prompts, pause] = process.argv.slice(2);
const rest = () => setTimeout(Number(pause) * Math.random());
const say = (line) => appendFileSync(log, `${line}\n`);

mkdirSync(join(output, 'sample'), { recursive: true });
for (let step = 1; step <= 6; step++) {
  say(`steps: ${step}`);
  const at = String(step).padStart(8, '0');
  if (step % 2 === 0)
    writeFileSync(join(output, 'sample', `kumo_${at.slice(2)}_00_20261123205507_42.png`), `png ${step}`);
  await save(`kumo-step${at}.safetensors`, step);
  mkdirSync(join(output, `kumo-step${at}-state`));
  writeFileSync(join(output, `kumo-step${at}-state`, 'train_state.json'), `{"current_epoch":1,"current_step":${step}}`);
  await rest();
  await slowly(join(output, `kumo-step${at}-state`, 'model.safetensors'), Buffer.alloc(500, 'state'));
  if (step > 2) remove(step - 2);
  if (step === 3) {
    writeFileSync(`${prompts}.new`, 'a wolf, second version\n');
    renameSync(`${prompts}.new`, prompts);
  }
  await rest();
}
await save('kumo.safetensors', 6);
say('model saved.');

async function save(name, step) {
  say(`saving checkpoint: ${join(output, name)}`);
  const metadata = { ss_session_id: '7', ss_steps: String(step), ss_epoch: '1' };
  const header = JSON.stringify({ __metadata__: metadata, a: { dtype: 'U8', shape: [3000], data_offsets: [0, 3000] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await slowly(join(output, name), Buffer.concat([length, Buffer.from(header), Buffer.alloc(3000, step)]));
}

async function slowly(path, content) {
  const file = openSync(path, 'w');
  for (let begin = 0; begin < content.length; begin += 1024) {
    writeSync(file, content.subarray(begin, begin + 1024));
    await rest();
  }
  closeSync(file);
}

function remove(step) {
  const path = join(output, `kumo-step${String(step).padStart(8, '0')}.safetensors`);
  say(`removing old checkpoint: ${path}`);
  rmSync(path);
}
