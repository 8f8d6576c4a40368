/** Wrappers that choose variables, a directory or an environment: env, conda, uv, poetry. */
import { resolveIn } from '../paths.ts';
import { hasOption, type OptionSpec, optionValue, scanOptions } from './options.ts';
import { command, isScript, type SeeThrough } from './step.ts';

/** Words without quoting or expansion, or null. */
function simpleWords(text: string): string[] | null {
  return /["'\\$#`]/.test(text) ? null : text.split(/\s+/).filter((word) => word !== '');
}

const envOptions: OptionSpec = {
  flags: ['-i', '--ignore-environment', '-v', '--debug', '--list-signal-handling'],
  values: ['-u', '--unset', '-C', '--chdir', '-S', '--split-string'],
  optional: ['--default-signal', '--ignore-signal', '--block-signal'],
};

export const env: SeeThrough = (args, path) => {
  const scanned = scanOptions(args, envOptions);
  if (scanned === null) return null;
  let rest = scanned.rest;
  const split = optionValue(scanned, '-S', '--split-string');
  if (split !== null) {
    const words = simpleWords(split);
    if (words === null) return null;
    return env(
      [...args.slice(0, args.length - rest.length).filter((word) => !isSplit(word, split)), ...words, ...rest],
      path,
      'env',
    );
  }
  const clear = hasOption(scanned, '-i', '--ignore-environment') || rest[0] === '-';
  if (rest[0] === '-') rest = rest.slice(1);
  const assigned: [string, string][] = [];
  while (rest[0]?.includes('=')) {
    const equals = rest[0].indexOf('=');
    assigned.push([rest[0].slice(0, equals), rest[0].slice(equals + 1)]);
    rest = rest.slice(1);
  }
  const below = command(rest);
  if (below === null) return null;
  if (clear) {
    path.clearedEnvironment = true;
    path.variables = {};
  }
  for (const { name, value } of scanned.options) {
    if ((name === '-u' || name === '--unset') && typeof value === 'string') path.variables[value] = null;
  }
  for (const [name, value] of assigned) path.variables[name] = value;
  const directory = optionValue(scanned, '-C', '--chdir');
  if (directory !== null) path.cwd = resolveIn(path.cwd, directory);
  return below;
};

function isSplit(word: string, value: string): boolean {
  return ['-S', '--split-string', `-S${value}`, `--split-string=${value}`, value].includes(word);
}

const condaOptions: OptionSpec = {
  flags: [
    '-v',
    '--verbose',
    '--dev',
    '--debug-wrapper-scripts',
    '--no-capture-output',
    '--live-stream',
    '-s',
    '-q',
    '--quiet',
  ],
  values: ['-n', '--name', '-p', '--prefix', '--cwd'],
};
const mambaOptions: OptionSpec = {
  flags: [
    ...condaOptions.flags!,
    '-d',
    '--detach',
    '--clean-env',
    '--no-rc',
    '--no-env',
    '-y',
    '--yes',
    '--json',
    '--offline',
    '--dry-run',
  ],
  values: [
    ...condaOptions.values!,
    '-r',
    '--root-prefix',
    '-a',
    '--attach',
    '-e',
    '--env',
    '--label',
    '--rc-file',
    '--log-level',
  ],
};

function condaRun(spec: OptionSpec): SeeThrough {
  return (args, path) => {
    const run = args[0] === 'run' ? scanOptions(args.slice(1), spec) : null;
    const below = run && command(run.rest);
    if (run === null || below === null) return null;
    for (const { name, value } of run.options) {
      const equals = typeof value === 'string' ? value.indexOf('=') : -1;
      if ((name === '-e' || name === '--env') && typeof value === 'string' && equals > 0) {
        path.variables[value.slice(0, equals)] = value.slice(equals + 1);
      }
    }
    path.condaEnvironment = optionValue(run, '-n', '--name', '-p', '--prefix') ?? path.condaEnvironment;
    const directory = optionValue(run, '--cwd');
    if (directory !== null) path.cwd = resolveIn(path.cwd, directory);
    return below;
  };
}
export const conda = condaRun(condaOptions);
export const mamba = condaRun(mambaOptions);

const uvGlobal: OptionSpec = {
  flags: [
    '-q',
    '--quiet',
    '-v',
    '--verbose',
    '-n',
    '--no-cache',
    '--offline',
    '--no-config',
    '--no-progress',
    '--native-tls',
    '--managed-python',
    '--no-managed-python',
    '--no-python-downloads',
  ],
  values: ['--directory', '--project', '--cache-dir', '--color', '--config-file', '--allow-insecure-host'],
};
const uvRunOptions: OptionSpec = {
  flags: [
    ...uvGlobal.flags!,
    ...[
      '-m',
      '--module',
      '-s',
      '--script',
      '--gui-script',
      '--all-extras',
      '--dev',
      '--no-dev',
      '--only-dev',
      '--no-default-groups',
    ],
    ...[
      '--all-groups',
      '--no-editable',
      '--inexact',
      '--exact',
      '--no-env-file',
      '--isolated',
      '--active',
      '--no-sync',
      '--locked',
    ],
    ...[
      '--frozen',
      '--all-packages',
      '--no-project',
      '--no-index',
      '-U',
      '--upgrade',
      '--reinstall',
      '--no-sources',
      '--compile-bytecode',
    ],
    ...['--no-build-isolation', '--no-build', '--no-binary', '--refresh', '--show-resolution'],
  ],
  values: [
    ...uvGlobal.values!,
    ...[
      '--with',
      '-w',
      '--with-editable',
      '--with-requirements',
      '--extra',
      '--no-extra',
      '--group',
      '--no-group',
      '--only-group',
    ],
    ...[
      '--env-file',
      '-p',
      '--python',
      '--package',
      '--index',
      '--default-index',
      '-i',
      '--index-url',
      '--extra-index-url',
      '-f',
    ],
    ...[
      '--find-links',
      '-P',
      '--upgrade-package',
      '--reinstall-package',
      '--index-strategy',
      '--keyring-provider',
      '--resolution',
    ],
    ...[
      '--prerelease',
      '--fork-strategy',
      '--exclude-newer',
      '--link-mode',
      '-C',
      '--config-setting',
      '--no-build-isolation-package',
    ],
    ...['--no-build-package', '--no-binary-package', '--refresh-package', '--python-platform', '--no-sources-package'],
  ],
};

export const uv: SeeThrough = (args, path) => {
  const before = scanOptions(args, uvGlobal);
  if (before?.rest[0] !== 'run') return null;
  const run = scanOptions(before.rest.slice(1), uvRunOptions);
  const first = run?.rest[0];
  if (run === null || first === undefined) return null;
  const directory = optionValue(run, '--directory') ?? optionValue(before, '--directory');
  if (directory !== null) path.cwd = resolveIn(path.cwd, directory);
  const project = optionValue(run, '--project') ?? optionValue(before, '--project');
  path.projectEnvironment = { tool: 'uv', directory: resolveIn(path.cwd, project ?? '.') };
  if (hasOption(run, '-m', '--module')) return command(['python', '-m', ...run.rest]);
  if (hasOption(run, '-s', '--script', '--gui-script') || isScript(first)) return command(['python', ...run.rest]);
  return command(run.rest);
};

export const poetry: SeeThrough = (args, path) => {
  const before = scanOptions(args, {
    flags: [
      '-q',
      '--quiet',
      '-n',
      '--no-interaction',
      '-v',
      '--verbose',
      '--no-plugins',
      '--no-cache',
      '--ansi',
      '--no-ansi',
    ],
    values: ['-C', '--directory', '-P', '--project'],
  });
  const below = before?.rest[0] === 'run' ? command(before.rest.slice(before.rest[1] === '--' ? 2 : 1)) : null;
  if (before === null || below === null) return null;
  const directory = optionValue(before, '-C', '--directory');
  if (directory !== null) path.cwd = resolveIn(path.cwd, directory);
  const project = optionValue(before, '-P', '--project');
  path.projectEnvironment = { tool: 'poetry', directory: resolveIn(path.cwd, project ?? '.') };
  return below;
};
