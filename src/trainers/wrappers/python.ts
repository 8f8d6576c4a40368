import { programName, type SeeThrough, type Step } from './step.ts';

/** `python`, `python3.11`, `pythonw`, Windows' `py`; not `python-config`. */
export function isPython(name: string): boolean {
  return /^(?:python|pythonw|pypy)(?:\d+(?:\.\d+)*t?)?$|^pyw?$/.test(name);
}

/** Modules that are launchers, with the command that they are. */
export const launcherModules: Readonly<Record<string, readonly string[]>> = {
  'accelerate.commands.launch': ['accelerate', 'launch'],
  'accelerate.commands.accelerate_cli': ['accelerate'],
  accelerate: ['accelerate'],
  'torch.distributed.run': ['torchrun'],
  'torch.distributed.launch': ['torchrun'],
  'deepspeed.launcher.runner': ['deepspeed'],
  deepspeed: ['deepspeed'],
};
export const launcherScripts = new Set(['accelerate', 'accelerate-launch', 'torchrun', 'deepspeed']);

/** Single letters that take nothing (python(1)); `-W`, `-X` take a value, `-c` and `-m` end the options. */
const flags = 'bBdEhiIOPqRsSuvVx?';

export const python: SeeThrough = (args, path, program) => {
  let at = 0;
  if (/^pyw?$/.test(programName(program)) && /^-(?:\d|V:)/.test(args[0] ?? '')) at = 1;
  while (at < args.length) {
    const word = args[at]!;
    if (!word.startsWith('-') || word === '-') break;
    if (word === '--') {
      at++;
      break;
    }
    if (word === '--check-hash-based-pycs') {
      at += 2;
      continue;
    }
    const read = readLetters(word, args.slice(at + 1));
    if (read === null) return null;
    if (read.module !== undefined) return beneath(path, program, () => ofModule(read.module!, read.rest!));
    if (read.code)
      return beneath(path, program, () => ({ kind: 'trainer', script: null, module: null, arguments: read.rest! }));
    at += read.words;
  }
  const script = args[at];
  if (script === undefined || script === '-') return null;
  const rest = args.slice(at + 1);
  return beneath(path, program, () =>
    launcherScripts.has(programName(script))
      ? { kind: 'command', argv: [script, ...rest], wrapped: false }
      : { kind: 'trainer', script, module: null, arguments: rest },
  );
};

function beneath(path: { interpreter: string | null }, program: string, step: () => Step): Step {
  path.interpreter = program;
  return step();
}

function ofModule(module: string, rest: string[]): Step {
  const launcher = launcherModules[module];
  return launcher === undefined
    ? { kind: 'trainer', script: null, module, arguments: rest }
    : { kind: 'command', argv: [...launcher, ...rest], wrapped: false };
}

interface Letters {
  words: number;
  module?: string;
  code?: boolean;
  rest?: string[];
}

/** One word of single-letter options: `-uB`, `-Wignore`, `-um`. */
function readLetters(word: string, following: string[]): Letters | null {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]!;
    if (flags.includes(letter)) continue;
    const glued = word.slice(i + 1);
    const value = glued === '' ? following[0] : glued;
    const rest = glued === '' ? following.slice(1) : following;
    if (value === undefined) return null;
    if (letter === 'W' || letter === 'X') return { words: glued === '' ? 2 : 1 };
    if (letter === 'm') return { words: 1, module: value, rest };
    if (letter === 'c') return { words: 1, code: true, rest };
    return null;
  }
  return { words: 1 };
}
