/** A stand-in for OneTrainer's GUI: one process that trains several times, writing as OneTrainer does. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../../src/model/run.ts';
import { eventually, type Started, start } from '../run/play.ts';
import { shown } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

/**
 * Each line on its standard input is done: `begin`, `save`, `end` (saves the final model), `cancel`. Event files begin
 * with the record of version and time, and stay open while it trains. Times in names are given, as two trainings of a
 * test would begin in one second.
 */
const gui = String.raw`
import json, os, struct, sys, time
workspace, model = "workspace/run", "models/wolf-v1.safetensors"
count, events = 0, None

def record(data):
    return struct.pack("<Q", len(data)) + b"\0\0\0\0" + data + b"\0\0\0\0"

def weights(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    head = json.dumps({"__metadata__": {"modelspec.title": "wolf"}, "w": {"dtype": "U8", "shape": [8], "data_offsets": [0, 8]}}).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + bytes([count] * 8))

for line in sys.stdin:
    word = line.strip()
    stamp = "2026-11-24_10-00-%02d" % count
    if word == "begin":
        count += 1
        stamp = "2026-11-24_10-00-%02d" % count
        now = time.time()
        folder = os.path.join(workspace, "tensorboard", stamp)
        os.makedirs(folder)
        events = open(os.path.join(folder, "events.out.tfevents.%d.host.%d.%d" % (now, os.getpid(), count)), "wb")
        events.write(record(b"\x09" + struct.pack("<d", now) + b"\x1a\x0dbrain.Event:2"))
        events.flush()
        os.makedirs(os.path.join(workspace, "config"), exist_ok=True)
        with open(os.path.join(workspace, "config", stamp + ".json"), "w") as f:
            json.dump({"__version": 10, "training_method": "LORA", "workspace_dir": workspace, "output_model_destination": model,
                       "base_model_name": "stabilityai/stable-diffusion-xl-base-1.0", "learning_rate": 0.0003, "batch_size": count,
                       "optimizer": {"optimizer": "ADAMW", "weight_decay": 0.01},
                       "concepts": [{"name": "wolf", "path": "DATASET", "enabled": True, "balancing": 2.0}]}, f, indent=4)
    if word == "save":
        weights(os.path.join(workspace, "save", stamp + "-save-20-2-0.safetensors"))
        picture = os.path.join(workspace, "samples", "0 - a grey wolf", stamp + "-training-sample-20-2-0.png")
        os.makedirs(os.path.dirname(picture), exist_ok=True)
        with open(picture, "wb") as f:
            f.write(b"\x89PNG\r\n\x1a\n" + bytes(32))
    if word == "end":
        weights(model)
    if word in ("end", "cancel"):
        events.close()
    print(word, flush=True)
`;

export interface Gui {
  pid: number;
  /** Settles when it has been done. */
  does(word: 'begin' | 'save' | 'end' | 'cancel'): Promise<void>;
  kill(): void;
}

export const workspaceOf = (world: World) => join(world.root, 'OneTrainer/workspace/run');

/** Starts it in a repository of its own, as a user starts `python scripts/train_ui.py`. */
export function openGui(world: World): Gui {
  const root = join(world.root, 'OneTrainer');
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  world.write(join(root, '.gitignore'), 'workspace\nmodels\n');
  world.write(join(root, 'scripts/train_ui.py'), gui.replace('DATASET', world.dataset));
  world.write(join(workspaceOf(world), 'keep'), '');
  world.git(root, 'init', '-q');
  world.git(root, 'add', '-A');
  world.git(root, 'commit', '-qm', 'OneTrainer');
  const child = spawn(python, ['scripts/train_ui.py'], {
    cwd: root,
    env: world.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let done = 0;
  let asked = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    done += bytes.toString().split('\n').length - 1;
  });
  return {
    pid: child.pid!,
    async does(word) {
      asked++;
      child.stdin.write(`${word}\n`);
      await eventually(() => done === asked);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** `spoor watch-dir` on the workspace, once it watches. */
export async function watching(world: World, ...args: string[]): Promise<Started> {
  const watcher = start(world, ['watch-dir', workspaceOf(world), ...args]);
  await eventually(() => watcher.err().includes('watching'));
  return watcher;
}

/** The ids that the watcher has printed, once there are so many. */
export async function idsOf(watcher: Started, count: number): Promise<string[]> {
  const ids = () => watcher.out().split('\n').filter(Boolean);
  await eventually(() => ids().length >= count);
  return ids();
}

export const runsOf = (world: World) => readdirSync(join(world.spoorHome, 'runs'));

/** The record, once its recorder is done. */
export async function over(world: World, id: string): Promise<Run> {
  while (existsSync(join(world.spoorHome, 'active', id))) await delay(50);
  return shown(world, id);
}
