import type { Invocation } from './trainer.ts';
import { conda, env, mamba, poetry, uv } from './wrappers/environment.ts';
import { accelerate, deepspeed, torchrun } from './wrappers/launchers.ts';
import { node } from './wrappers/node.ts';
import { processWrappers } from './wrappers/process.ts';
import { isPython, python } from './wrappers/python.ts';
import { shell } from './wrappers/shell.ts';
import { isScript, type Path, programName, type SeeThrough, type Step } from './wrappers/step.ts';

/** More layers than this are not a command that anyone wrote. */
const deepest = 32;

/**
 * Sees through what stands in front of a trainer. What cannot be seen through with certainty (`sudo`,
 * a shell script, an unknown option of a wrapper) is left as the program itself, with its arguments.
 * @param argv the whole command; not empty
 * @param cwd absolute directory it is started in
 */
export function seeThrough(argv: readonly string[], cwd: string): Invocation {
  const path: Path = {
    cwd,
    wrappers: [],
    variables: {},
    clearedEnvironment: false,
    interpreter: null,
    program: null,
    condaEnvironment: null,
    projectEnvironment: null,
    accelerate: null,
  };
  let command = [...argv];
  for (let depth = 0; depth < deepest; depth++) {
    const [program = '', ...args] = command;
    const see = wrapperNamed(programName(program));
    const step: Step | null = see === null ? direct(program, args) : see(args, path, program);
    if (step === null) break;
    if (step.kind === 'trainer') {
      const { script, module } = step;
      noteWrapper(path, see, program, args, [script ?? module ?? '', ...step.arguments]);
      path.program ??= program;
      return { ...path, argv, script, module, arguments: step.arguments };
    }
    if (step.wrapped) noteWrapper(path, see, program, args, step.argv);
    command = step.argv;
  }
  return { ...path, argv, program: command[0] ?? null, script: null, module: null, arguments: command.slice(1) };
}

/** Writes a layer down with those of its arguments that are its own, not what lies beneath. */
function noteWrapper(path: Path, see: SeeThrough | null, program: string, args: string[], beneath: string[]): void {
  if (see === null || see === python || see === node) return;
  let shared = 0;
  while (shared < args.length && args.at(-1 - shared) === beneath.at(-1 - shared)) shared++;
  path.wrappers.push({ name: programName(program), arguments: args.slice(0, args.length - shared) });
}

/** A script that is started by its own name. */
function direct(program: string, args: string[]): Step | null {
  return isScript(program) ? { kind: 'trainer', script: program, module: null, arguments: args } : null;
}

const named: Readonly<Record<string, SeeThrough>> = {
  ...processWrappers,
  env,
  conda,
  mamba,
  micromamba: mamba,
  uv,
  poetry,
  accelerate,
  'accelerate-launch': accelerate,
  torchrun,
  deepspeed,
  node,
  ...Object.fromEntries(['sh', 'bash', 'zsh', 'dash'].map((name) => [name, shell])),
};

function wrapperNamed(name: string): SeeThrough | null {
  if (isPython(name)) return python;
  return Object.hasOwn(named, name) ? named[name]! : null;
}
