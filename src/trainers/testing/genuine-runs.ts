/** Genuine runs of sd-scripts for tests (test/fixtures/README.md tells their origin). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import type { ConfigFile } from '../../model/config-file.ts';
import type { ConfigValue, FileRole } from '../../model/facts.ts';
import { seeThrough } from '../see-through.ts';
import type { EffectiveConfiguration, Evidence, Invocation, LogState, Trainer } from '../trainer.ts';

const fixtures = join(import.meta.dirname, '../../../test/fixtures');

export function fixture(path: string): Buffer {
  return readFileSync(join(fixtures, path));
}

export function config(text: string, path: string, role: FileRole = 'config'): ConfigFile {
  const lines = new Map<string, number>();
  let section = '';
  for (const [index, line] of text.split('\n').entries()) {
    section = /^\[([\w.]+)\]/.exec(line)?.[1] ?? section;
    const key = /^\s*(\w+)\s*=/.exec(line)?.[1];
    if (key !== undefined) lines.set(section === '' ? key : `${section}.${key}`, index + 1);
  }
  const value = parse(text) as Record<string, ConfigValue>;
  return { role, path, format: 'toml', value, lines, error: null, fault: null };
}

export interface GenuineRun {
  invocation: Invocation;
  exitCode: number | null;
  signal: string | null;
  log: Buffer;
  files: ConfigFile[];
}

export function genuineRun(name: string): GenuineRun {
  const capture = JSON.parse(fixture(`kohya/${name}/cap/run.json`).toString()) as {
    argv: string[];
    cwd: string;
    exit_code: number;
  };
  const log = ['tty.raw', 'combined.raw'].find((file) => existsSync(join(fixtures, 'kohya', name, 'cap', file)))!;
  const invocation = seeThrough(capture.argv, capture.cwd);
  const files: ConfigFile[] = [];
  for (const [file, option, role] of [
    ['config.toml', '--config_file=', 'config'],
    ['dataset.toml', '--dataset_config=', 'dataset-config'],
  ] as const) {
    const path = invocation.arguments.find((word) => word.startsWith(option))?.slice(option.length);
    if (path === undefined) continue;
    files.push(config(fixture(`kohya/${name}/${file}`).toString(), path, role));
  }
  const signalled = capture.exit_code < 0;
  return {
    invocation,
    exitCode: signalled ? null : capture.exit_code,
    signal: signalled ? 'SIGINT' : null,
    log: fixture(`kohya/${name}/cap/${log}`),
    files,
  };
}

export function readLog(trainer: Trainer, ...chunks: (string | Uint8Array)[]): LogState {
  const reader = trainer.logReader();
  for (const chunk of chunks) reader.push(Buffer.from(chunk as string));
  return reader.state();
}

export function evidence(log: LogState, more: Partial<Evidence> = {}): Evidence {
  return {
    exitCode: 0,
    signal: null,
    stopAsked: false,
    log,
    losses: null,
    artifacts: [],
    settings: [],
    oomKilled: null,
    ...more,
  };
}

/** The value in force. */
export function inForce(effective: EffectiveConfiguration, key: string): ConfigValue | undefined {
  return effective.settings.find((setting) => setting.key === key)?.value;
}
