import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeThrough } from '../../trainers/see-through.ts';
import { describeInterpreter, findInterpreter, type Interpreter } from './interpreter.ts';

const systemPython = '/usr/bin/python3';
const hasPython = existsSync(systemPython);

let directory: string;
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-python-')));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const place = (env: Record<string, string> = {}) => ({ env: { PATH: '/usr/bin:/bin', ...env }, cwd: directory });

function find(command: string[], env: Record<string, string> = {}): Interpreter | null {
  return findInterpreter({ invocation: seeThrough(command, directory), ...place(env) });
}

function file(path: string, text = ''): string {
  const absolute = join(directory, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

function program(path: string, text = '#!/bin/sh\n'): string {
  const absolute = file(path, text);
  chmodSync(absolute, 0o755);
  return absolute;
}

/** A Python as its installers lay it out, without the program itself. */
function fakePython(prefix: string, version: string): string {
  const series = version.split('.').slice(0, 2).join('.');
  file(`${prefix}/lib/python${series}/os.py`);
  file(`${prefix}/lib/python${series}/site-packages/README.txt`);
  file(`${prefix}/include/python${series}/patchlevel.h`, `#define PY_VERSION      \t"${version}"\n`);
  program(`${prefix}/bin/python${series}`, '\x7fELF');
  for (const name of ['python3', 'python']) symlinkSync(`python${series}`, join(directory, prefix, 'bin', name));
  return join(directory, prefix);
}

/** What Python itself says, in the same place. */
function asked(executable: string, env: Record<string, string> = {}, flags: string[] = []) {
  const script =
    'import sys,json,platform;print(json.dumps([sys.executable,sys.prefix,sys.base_prefix,platform.python_version(),sys.path]))';
  const output = execFileSync(executable, [...flags, '-c', script], {
    env: place(env).env,
    cwd: directory,
    encoding: 'utf8',
  });
  const [, prefix, basePrefix, version, path] = JSON.parse(output) as [string, string, string, string, string[]];
  const sitePackages = path.filter((each) => /(site|dist)-packages$/.test(each));
  return { prefix, basePrefix, version, sitePackages };
}

describe.skipIf(!hasPython)('a real Python is described as it describes itself', () => {
  const comparison = (found: Interpreter | null, python: ReturnType<typeof asked>) => {
    const { prefix, basePrefix, version, sitePackages } = found!;
    expect({ prefix, basePrefix, sitePackages }).toEqual({
      prefix: python.prefix,
      basePrefix: python.basePrefix,
      sitePackages: python.sitePackages,
    });
    expect(`${python.version}.`.startsWith(`${version}.`)).toBe(true);
  };

  test("the system's", () => {
    expect(find(['python3', 'train.py'])?.kind).toBe('system');
    comparison(find(['python3', 'train.py']), asked(systemPython));
  });

  test.each([[[]], [['--system-site-packages']], [['--copies']]])('a virtual environment made with %j', (options) => {
    const venv = join(directory, `venv${options.join('')}`);
    execFileSync(systemPython, ['-m', 'venv', '--without-pip', ...options, venv]);
    const found = find([`${venv}/bin/python`, 'train.py']);
    comparison(found, asked(`${venv}/bin/python`));
    expect(found).toMatchObject({ kind: 'venv', prefix: venv, executable: `${venv}/bin/python` });
    comparison(find(['python', 'train.py'], { PATH: `${venv}/bin:/usr/bin` }), asked(`${venv}/bin/python`));
  });

  test('a virtual environment behind a symbolic link to its directory', () => {
    const venv = join(directory, 'linked-venv');
    execFileSync(systemPython, ['-m', 'venv', '--without-pip', venv]);
    symlinkSync(venv, join(directory, 'current'));
    comparison(find(['current/bin/python', 'x.py']), asked(join(directory, 'current/bin/python')));
  });

  test('a virtual environment of a virtual environment', () => {
    const outer = join(directory, 'outer');
    execFileSync(systemPython, ['-m', 'venv', '--without-pip', outer]);
    execFileSync(`${outer}/bin/python`, ['-m', 'venv', '--without-pip', join(directory, 'inner')]);
    comparison(find(['inner/bin/python', 'x.py']), asked(join(directory, 'inner/bin/python')));
  });

  test("the user's own packages, and the flags and variables that switch them off", () => {
    const series = /^\d+\.\d+/.exec(asked(systemPython).version)![0];
    const user = join(directory, 'home/.local/lib', `python${series}`, 'site-packages');
    mkdirSync(user, { recursive: true });
    const env = { HOME: join(directory, 'home') };
    expect(find(['python3', 'x.py'], env)?.sitePackages[0]).toBe(user);
    comparison(find(['python3', 'x.py'], env), asked(systemPython, env));
    for (const flags of [['-s'], ['-I'], ['-u', '-s']]) {
      comparison(find(['python3', ...flags, 'x.py'], env), asked(systemPython, env, flags));
      expect(find(['python3', ...flags, 'x.py'], env)?.sitePackages).not.toContain(user);
    }
    expect(find(['python3', 'x.py'], { ...env, PYTHONNOUSERSITE: '1' })?.sitePackages).not.toContain(user);
    expect(find(['python3', '-E', 'x.py'], { PYTHONPATH: '/a' })?.pythonPath).toEqual([]);
  });
});

describe('which Python a command means', () => {
  test('accelerate runs in the Python that its first line names, not in the one on PATH', () => {
    const prefix = fakePython('trainer', '3.10.12');
    program('tools/accelerate', `#!${prefix}/bin/python3\nimport sys\n`);
    const found = find(['accelerate', 'launch', 'train_network.py'], { PATH: `${directory}/tools:/usr/bin` });
    expect(found).toMatchObject({ prefix, version: '3.10.12', executable: `${prefix}/bin/python3` });
  });

  test('a first line too long for the kernel is read as pip writes it', () => {
    const prefix = fakePython('a long place/python', '3.11.4');
    program('tools2/torchrun', `#!/bin/sh\n'''exec' "${prefix}/bin/python3" "$0" "$@"\n' '''\nimport sys\n`);
    expect(find([join(directory, 'tools2/torchrun'), 'x.py'])?.prefix).toBe(prefix);
  });

  test('variables set on the way count', () => {
    const prefix = fakePython('own', '3.12.1');
    const found = find(['env', `PATH=${prefix}/bin`, 'PYTHONPATH=lib:/abs', 'python', 'train.py']);
    expect(found).toMatchObject({ prefix, pythonPath: [join(directory, 'lib'), '/abs'] });
  });

  test('a conda environment is known by conda-meta, its version too', () => {
    const prefix = fakePython('conda/envs/lora', '3.10.9');
    file('conda/envs/lora/conda-meta/python-3.10.9-h7a1cb2a_2.json', '{}');
    expect(find([`${prefix}/bin/python`, 'x.py'])).toMatchObject({ kind: 'conda', version: '3.10.9', prefix });
    const invocation = seeThrough(['conda', 'run', '-n', 'lora', 'python', 'x.py'], directory);
    expect(findInterpreter({ invocation, ...place(), condaPrefix: prefix })?.prefix).toBe(prefix);
  });

  test('uv run means the environment of the project, wherever that is', () => {
    const base = fakePython('uv-python/cpython-3.11.9-linux-x86_64-gnu', '3.11.9');
    const make = (venv: string) => {
      file(`${venv}/pyvenv.cfg`, `home = ${base}/bin\nimplementation = CPython\nuv = 0.4.1\nversion_info = 3.11.9\n`);
      mkdirSync(join(directory, venv, 'bin'), { recursive: true });
      mkdirSync(join(directory, venv, 'lib/python3.11/site-packages'), { recursive: true });
      symlinkSync(`${base}/bin/python3.11`, join(directory, venv, 'bin/python'));
      return join(directory, venv);
    };
    file('project/pyproject.toml', '[project]\nname = "cats"\n');
    const inside = make('project/.venv');
    const apart = make('project/envs/other');
    const command = ['uv', 'run', '--project', 'project', 'python', 'train.py'];
    expect(find(command)).toMatchObject({
      kind: 'uv',
      prefix: inside,
      basePrefix: base,
      version: '3.11.9',
      sitePackages: [`${inside}/lib/python3.11/site-packages`],
    });
    expect(find(command, { UV_PROJECT_ENVIRONMENT: 'envs/other' })?.prefix).toBe(apart);
  });

  test('a command without Python has none', () => {
    expect(find(['true'])).toBe(null);
    expect(find(['no-such-program-anywhere', 'x'])).toBe(null);
  });
});

describe('pyenv', () => {
  const root = () => join(directory, 'pyenv');
  const env = () => ({ PATH: `${root()}/shims:${directory}/elsewhere/bin:/bin`, HOME: directory });
  beforeAll(() => {
    for (const version of ['3.9.18', '3.10.2', '3.10.13', '3.11.7']) fakePython(`pyenv/versions/${version}`, version);
    const shim = `#!/usr/bin/env bash\nset -e\nprogram="\${0##*/}"\nexport PYENV_ROOT="${root()}"\nexec "${root()}/libexec/pyenv" exec "$program" "$@"\n`;
    for (const name of ['python', 'python3', 'accelerate']) program(`pyenv/shims/${name}`, shim);
    file('pyenv/version', '3.11.7\n');
    program('pyenv/versions/3.10.13/bin/accelerate', `#!${root()}/versions/3.10.13/bin/python3.10\n`);
    fakePython('elsewhere', '3.8.1');
  });
  const prefixOf = (command: string[], more: Record<string, string> = {}) =>
    find(command, { ...env(), ...more })?.prefix;

  test('a shim leads to the global version', () => {
    expect(find(['python3', 'x.py'], env())).toMatchObject({
      kind: 'pyenv',
      version: '3.11.7',
      prefix: `${root()}/versions/3.11.7`,
    });
  });

  test('the variable goes before the file of the directory, a series means its latest', () => {
    const file = join(directory, '.python-version');
    writeFileSync(file, '3.10 # cats\n');
    expect(prefixOf(['python', 'x.py'])).toBe(`${root()}/versions/3.10.13`);
    expect(prefixOf(['python', 'x.py'], { PYENV_VERSION: '3.9.18' })).toBe(`${root()}/versions/3.9.18`);
    rmSync(file);
  });

  test('system means the next on PATH', () => {
    expect(prefixOf(['python', 'x.py'], { PYENV_VERSION: 'system' })).toBe(join(directory, 'elsewhere'));
  });

  test('the shim of a script leads to the Python of that script', () => {
    expect(prefixOf(['accelerate', 'launch', 'x.py'], { PYENV_VERSION: '3.10.13' })).toBe(`${root()}/versions/3.10.13`);
  });

  test('a version that is not installed is no interpreter, as pyenv would refuse', () => {
    expect(find(['python', 'x.py'], { ...env(), PYENV_VERSION: '2.0.0' })).toBe(null);
  });
});

test('hostile surroundings are survived', () => {
  const prefix = fakePython('odd', '3.11.1');
  rmSync(join(prefix, 'include'), { recursive: true });
  symlinkSync('pyvenv.cfg', join(prefix, 'pyvenv.cfg'));
  execFileSync('mkfifo', [join(prefix, 'bin/pyvenv.cfg')]);
  expect(describeInterpreter(join(prefix, 'bin/python'), place())).toMatchObject({ prefix, version: '3.11' });
  writeFileSync(join(directory, 'zeros.py'), Buffer.alloc(100_000));
  expect(find(['./zeros.py'])).toBe(null);
});
