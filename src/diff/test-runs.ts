import type { DatasetState, EnvironmentState, FileState, RepoState, Setting } from '../model/facts.ts';
import type { Compared, DatasetFile } from './change.ts';

/** A run with the parts that a test is about. */
export function compared(
  parts: Partial<Compared['run']> = {},
  manifest: readonly DatasetFile[] | null = null,
): Compared {
  return {
    run: {
      command: ['python', 'train_network.py'],
      cwd: '/lora',
      outputDir: null,
      late: null,
      settings: [setting('max_train_steps', 1600, { source: { kind: 'default' } })],
      repos: [],
      files: [],
      dataset: null,
      environment: null,
      warnings: [],
      ...parts,
    },
    manifest,
  };
}

export function setting(key: string, value: Setting['value'], rest: Partial<Setting> = {}): Setting {
  return { key, value, source: { kind: 'argument' }, effective: true, known: true, ...rest };
}

export function settings(...given: Setting[]): Compared {
  return compared({ settings: [setting('max_train_steps', 1600, { source: { kind: 'default' } }), ...given] });
}

export function repository(rest: Partial<RepoState> = {}): Compared['run']['repos'][number] {
  return {
    name: 'sd-scripts',
    path: '/lora/sd-scripts',
    kind: 'git',
    roles: ['trainer'],
    head: 'a'.repeat(40),
    branch: 'main',
    describe: 'v0.10.1',
    remote: null,
    remotes: [],
    ahead: null,
    behind: null,
    dirty: false,
    changes: { staged: 0, unstaged: 0, untracked: 0, ignoredKept: 0 },
    changedPaths: [],
    snapshot: 'b'.repeat(40),
    code: 'c',
    nested: [],
    omitted: [],
    likelySecrets: [],
    shallow: false,
    history: true,
    ...rest,
  };
}

export function file(
  role: FileState['role'],
  path: string,
  sha256: string | null,
  rest: Partial<FileState> = {},
): FileState {
  return { role, path, key: role, kind: 'file', sha1: null, sha256, bytes: 100, object: null, ...rest };
}

export function dataset(rest: Partial<DatasetState> = {}): DatasetState {
  return {
    roots: [{ path: '/data/wolf', kind: 'train', repeats: 1, classTokens: null, captionExtension: '.txt' }],
    files: 0,
    images: 0,
    captions: 0,
    bytes: 0,
    sha256: null,
    manifest: null,
    imagesKept: 0,
    omitted: [],
    omittedMore: 0,
    ...rest,
  };
}

export function image(path: string, sha256: string | null = path, rest: Partial<DatasetFile> = {}): DatasetFile {
  return { root: 0, path, kind: 'image', sha256, bytes: 10, ...rest };
}

export function environment(rest: Partial<EnvironmentState> = {}): EnvironmentState {
  return {
    python: '3.10.12',
    executable: '/venv/bin/python',
    prefix: '/venv',
    packages: [{ name: 'torch', version: '2.6.0', editable: null, origin: null }],
    conda: null,
    venv: '/venv',
    torch: '2.6.0',
    cuda: '12.4',
    driver: null,
    gpus: [],
    os: 'Debian 12',
    kernel: '6.1',
    host: 'lair',
    container: null,
    cpu: { model: 'cpu', cores: 8 },
    memoryBytes: 1,
    variables: {},
    ...rest,
  };
}
