/** Genuine runs of sd-scripts played again: the same command, log, outputs and exit, without torch. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './programs.ts';
import { safetensors, type World } from './world.ts';

const fixtures = join(import.meta.dirname, '../fixtures/kohya');

/** Plays what `play.json` beside it says: files first, then the log, then the end. */
const player = `
import json, os, shutil, signal, sys
here = os.path.dirname(os.path.abspath(__file__))
play = json.load(open(os.path.join(here, "play.json")))
for source, target in play["files"]:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(source, target)
with open(play["log"], "rb") as log:
    shutil.copyfileobj(log, sys.stdout.buffer)
sys.stdout.flush()
if play["exit"] < 0:
    signal.signal(-play["exit"], signal.SIG_DFL)
    os.kill(os.getpid(), -play["exit"])
os._exit(play["exit"])
`.trimStart();

export interface Replay {
  command: string[];
  cwd: string;
  output: string;
  env: Record<string, string>;
}

/**
 * Lays a genuine run out in the world, `/home/lab/lora` being the world's root.
 * @param outputs names below the output directory, as the genuine run's list of files has them
 */
export function layOut(world: World, name: string, outputs: readonly string[]): Replay {
  const fixture = (...parts: string[]) => join(fixtures, name, ...parts);
  const moved = (text: string) => text.replaceAll('/home/lab/lora', world.root);
  const captured = JSON.parse(readFileSync(fixture('cap/run.json'), 'utf8')) as {
    argv: string[];
    exit_code: number;
  };
  const folder = join(world.root, 'out', name.startsWith('C0') ? 'C-lycoris-lokr-pty' : name);
  for (const file of ['config.toml', 'dataset.toml', 'sample-prompts.txt']) {
    if (existsSync(fixture(file))) world.write(join(folder, file), moved(readFileSync(fixture(file), 'utf8')));
  }
  if (!name.startsWith('D1')) world.write(join(world.root, 'models/sd15-random.safetensors'), safetensors(64));
  for (const cat of ['one', 'two']) {
    world.write(join(world.root, `work/data/kumo/2_kumo cat/${cat}.png`), cat);
    world.write(join(world.root, `work/data/kumo/2_kumo cat/${cat}.txt`), `kumo, a grey cat, ${cat}`);
  }
  const log = ['cap/tty.raw', 'cap/combined.raw'].map((file) => fixture(file)).find((path) => existsSync(path));
  const metadata = existsSync(fixture('metadata.json'))
    ? (JSON.parse(readFileSync(fixture('metadata.json'), 'utf8')) as Record<string, string>)
    : {};
  const checkpoint = world.write(join(world.root, 'checkpoint'), safetensors(64, metadata));
  const other = world.write(join(world.root, 'other'), 'other');
  const output = join(folder, 'output');
  const files = outputs.map((path) => [/^[^/]*\.safetensors$/.test(path) ? checkpoint : other, join(output, path)]);
  world.write(join(world.trainer, 'train_network.py'), player);
  writeFileSync(join(world.trainer, 'play.json'), JSON.stringify({ files, log, exit: captured.exit_code }));
  program(world, 'python', 'exec python3 "$@"');
  // As the genuine launcher: its options, then the script.
  program(world, 'accelerate', 'shift 2; exec python3 "$@"');
  return {
    command: captured.argv.map(moved),
    cwd: world.trainer,
    output,
    env: { PATH: join(world.root, 'bin:') + world.env.PATH },
  };
}
