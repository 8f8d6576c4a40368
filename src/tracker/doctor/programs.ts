import { execFile } from 'node:child_process';
import { condaPlaces, findConda, listCondaEnvironments } from '../../capture/conda/find-conda.ts';
import { probeGpus } from '../../capture/environment/gpus.ts';
import { describeInterpreter } from '../../capture/python/interpreter.ts';
import { listPackages } from '../../capture/python/packages.ts';
import { findProgram } from '../../capture/python/program.ts';
import { broken, type Finding, note, ok, problem } from './finding.ts';

export interface ProgramsQuestion {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  userHome: string;
}

/** git before this version lacks what the capture of code asks of it. */
const oldestGit = [2, 30] as const;

export async function examineGit(question: ProgramsQuestion): Promise<Finding> {
  const path = findProgram('git', question);
  if (path === null) {
    return broken('git', 'git is not on PATH: no code can be recorded', 'Install it: sudo apt-get install git', [
      'sudo apt-get install git',
    ]);
  }
  const said = await output(path, ['--version'], question);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(said ?? '') ?? [];
  if (said === null || major === '0') {
    return broken('git', `${path} does not say its version`, `See what \`${path} --version\` does.`, [
      `${path} --version`,
    ]);
  }
  const text = `${said.trim().replace(/^git version/, 'git')} (${path})`;
  const old = Number(major) < oldestGit[0] || (Number(major) === oldestGit[0] && Number(minor) < oldestGit[1]);
  return old ? problem('git', `${text} is old`, `Update it to ${oldestGit.join('.')} or newer.`) : ok('git', text);
}

export function examinePython({ env, cwd }: ProgramsQuestion): Finding {
  const executable = findProgram('python', { env, cwd }) ?? findProgram('python3', { env, cwd });
  if (executable === null) {
    const hint = 'Activate the environment you train in, or start with: spoor run --conda ENV -- …';
    return note('python', 'no python is on PATH', hint);
  }
  const interpreter = describeInterpreter(executable, { env, cwd });
  const packages = listPackages(interpreter);
  const torch = packages.find(({ name }) => name.toLowerCase() === 'torch');
  const kind = interpreter.kind === 'system' ? '' : `, ${interpreter.kind} ${interpreter.prefix}`;
  const text = `Python ${interpreter.version ?? '(version unknown)'} (${executable}${kind}), ${packages.length} packages`;
  return torch
    ? ok('python', `${text}, torch ${torch.version}`)
    : note('python', `${text}, no torch`, 'Activate the environment you train in to have it examined.');
}

export function examineConda({ env, cwd, userHome }: ProgramsQuestion): Finding {
  const question = { env, cwd, home: userHome };
  const conda = findConda(question);
  if (conda === null) {
    const places = condaPlaces(question).slice(0, 3).join(', ');
    return note(
      'conda',
      'no conda, mamba or micromamba',
      `Needed only for --conda; looked on PATH and in ${places} ….`,
    );
  }
  const names = listCondaEnvironments(conda, question).map(({ name, prefix }) => name ?? prefix);
  return ok('conda', `${conda.flavour} (${conda.executable}), environments: ${names.join(', ') || 'none'}`);
}

export async function examineGpus({ env, cwd }: ProgramsQuestion): Promise<Finding> {
  const found = await probeGpus({ env, cwd });
  if (found === null) {
    const present = findProgram('nvidia-smi', { env, cwd }) !== null;
    return present
      ? problem(
          'gpu',
          'nvidia-smi is there but does not answer',
          'See what `nvidia-smi` says; the driver may not be loaded.',
          ['nvidia-smi'],
        )
      : note('gpu', 'no nvidia-smi: GPUs and their driver are recorded only as far as the kernel tells of them');
  }
  const names = found.gpus.map(({ name, memoryBytes }) =>
    memoryBytes === null ? name : `${name} (${(memoryBytes / 2 ** 30).toFixed(0)} GiB)`,
  );
  if (names.length === 0)
    return problem('gpu', 'nvidia-smi shows no GPU', 'See what `nvidia-smi` says.', ['nvidia-smi']);
  return ok('gpu', `${names.join(', ')}, driver ${found.driver ?? 'unknown'}`);
}

function output(program: string, args: string[], { env, cwd }: ProgramsQuestion): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { env, cwd, timeout: 10_000, maxBuffer: 2 ** 16 }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    ).stdin?.end();
  });
}
