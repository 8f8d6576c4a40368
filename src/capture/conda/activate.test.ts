import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SpoorError } from '../../model/errors.ts';
import { activateConda, resolveCondaEnvironment } from './activate.ts';
import { findConda, listCondaEnvironments } from './find-conda.ts';

const standIn = fileURLToPath(new URL('../../../test/fixtures/conda/conda', import.meta.url));

let home: string;
let root: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-conda-')));
  root = install('miniconda3');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function install(name: string, executable = 'conda'): string {
  const directory = join(home, name);
  mkdirSync(join(directory, 'bin'), { recursive: true });
  cpSync(standIn, join(directory, 'bin', executable));
  chmodSync(join(directory, 'bin', executable), 0o755);
  makeEnvironment(directory);
  for (const each of ['lora', 'wolves']) makeEnvironment(join(directory, 'envs', each));
  return directory;
}

function makeEnvironment(prefix: string): void {
  mkdirSync(join(prefix, 'conda-meta'), { recursive: true });
}

const question = (env: Record<string, string> = {}) => ({ env: { PATH: '/usr/bin:/bin', ...env }, cwd: home, home });

describe('finding conda', () => {
  test('the usual places are searched, miniconda3 first', () => {
    install('anaconda3');
    expect(findConda(question())).toEqual({ executable: join(root, 'bin/conda'), flavour: 'conda' });
  });

  test('CONDA_EXE counts before PATH, PATH before the usual places', () => {
    const onPath = join(install('a'), 'bin');
    const named = join(install('b'), 'bin/conda');
    expect(findConda(question({ PATH: `${onPath}:/bin` }))?.executable).toBe(join(onPath, 'conda'));
    expect(findConda(question({ PATH: `${onPath}:/bin`, CONDA_EXE: named }))?.executable).toBe(named);
  });

  test('an installation or an executable can be given', () => {
    const given = install('elsewhere', 'micromamba');
    const expected = { executable: join(given, 'bin/micromamba'), flavour: 'micromamba' };
    expect(findConda({ ...question(), condaPath: given })).toEqual(expected);
    expect(findConda({ ...question(), condaPath: join(given, 'bin/micromamba') })).toEqual(expected);
  });

  test('environments are listed from files: base, envs, .condarc, environments.txt, each once', () => {
    for (const each of ['own', 'known']) makeEnvironment(join(home, 'places', each));
    writeFileSync(join(home, '.condarc'), 'channels:\n  - defaults\nenvs_dirs:\n  - ~/places # mine\n');
    mkdirSync(join(home, '.conda'));
    makeEnvironment(join(home, 'apart'));
    writeFileSync(join(home, '.conda/environments.txt'), `${root}\n${home}/apart\n${home}/gone\n`);
    expect(listCondaEnvironments(findConda(question())!, question())).toEqual([
      { name: 'base', prefix: root },
      { name: 'known', prefix: join(home, 'places/known') },
      { name: 'own', prefix: join(home, 'places/own') },
      { name: 'lora', prefix: join(root, 'envs/lora') },
      { name: 'wolves', prefix: join(root, 'envs/wolves') },
      { name: null, prefix: join(home, 'apart') },
    ]);
  });
});

describe('activation', () => {
  test('the variables are those of a shell after conda activate', async () => {
    const { env, environment } = await activateConda('lora', question({ KEPT: 'a\nb  c', SHLVL: '3' }));
    const prefix = join(root, 'envs/lora');
    expect(environment).toEqual({ name: 'lora', prefix });
    expect(env).toMatchObject({ CONDA_PREFIX: prefix, CONDA_DEFAULT_ENV: 'lora', KEPT: 'a\nb  c', SHLVL: '3' });
    expect(env.PATH!.split(':')[0]).toBe(join(prefix, 'bin'));
    expect(Object.keys(env)).not.toContain('_');
    expect(Object.keys(env)).not.toContain('OLDPWD');
  });

  test("the environment's own activation scripts take part, and may print", async () => {
    const scripts = join(root, 'envs/lora/etc/conda/activate.d');
    mkdirSync(scripts, { recursive: true });
    writeFileSync(join(scripts, 'cuda.sh'), 'echo welcome to CUDA\nexport CUDA_HOME="$CONDA_PREFIX/cuda"\n');
    const { env } = await activateConda('lora', question());
    expect(env.CUDA_HOME).toBe(join(root, 'envs/lora/cuda'));
  });

  test("the user's BASH_ENV is not run", async () => {
    writeFileSync(join(home, 'profile'), `touch "${home}/was-run"\nexport FROM_PROFILE=1\n`);
    const { env } = await activateConda('lora', question({ BASH_ENV: join(home, 'profile') }));
    expect(env.FROM_PROFILE).toBeUndefined();
  });

  test('a prefix does as well as a name', async () => {
    makeEnvironment(join(home, 'a place'));
    const { env } = await activateConda('./a place', question());
    expect(env.CONDA_PREFIX).toBe(join(home, 'a place'));
  });

  test('micromamba is asked in its own words', async () => {
    const given = install('mm', 'micromamba');
    const { env } = await activateConda('wolves', { ...question({ MAMBA_ROOT_PREFIX: given }), condaPath: given });
    expect(env.CONDA_PREFIX).toBe(join(given, 'envs/wolves'));
  });

  test('an environment that does not exist is named, with those that do', async () => {
    const error = await activateConda('cats', question()).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(SpoorError);
    expect(error).toMatchObject({
      code: 'conda-environment-not-found',
      message: `There is no conda environment cats (${root}/bin/conda).`,
      hint: 'There are: base, lora, wolves.',
    });
  });

  test('without conda it is said where it was looked for', () => {
    rmSync(root, { recursive: true });
    const places = () => resolveCondaEnvironment('lora', { ...question(), condaPath: '/nowhere/conda' });
    expect(places).toThrow('conda was not found at /nowhere/conda');
  });

  test('an activation that fails says why', async () => {
    writeFileSync(join(root, 'bin/conda'), '#!/bin/sh\necho "ActivateError: broken" >&2\nexit 1\n');
    await expect(activateConda('lora', question())).rejects.toMatchObject({
      code: 'conda-activation-failed',
      message: `The conda environment ${root}/envs/lora could not be activated (status 1): ActivateError: broken.`,
    });
  });
});
