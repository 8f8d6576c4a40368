import { join } from 'node:path';
import type { Interpreter } from '../python/interpreter.ts';
import { locateModule } from '../python/locate.ts';
import { readHead } from '../python/read.ts';

export interface TorchVersion {
  /** `2.1.0+cu118`. */
  torch: string | null;
  /** The CUDA that torch was built for; `rocm 6.0` for AMD's. */
  cuda: string | null;
}

/** Read from `torch/version.py`: importing torch takes seconds. */
export function torchVersion(interpreter: Interpreter): TorchVersion {
  const torch = locateModule('torch', interpreter, null);
  const text = torch === null ? null : readHead(join(torch.path, 'version.py'), 16_384);
  if (text === null) return { torch: null, cuda: null };
  const value = (name: string) =>
    new RegExp(`^${name}\\b[^=\\n]*=\\s*["']([^"'\\n]{1,100})["']`, 'm').exec(text)?.[1] ?? null;
  const hip = value('hip');
  return { torch: value('__version__'), cuda: value('cuda') ?? (hip === null ? null : `rocm ${hip}`) };
}

/** Version of the CUDA toolkit that the environment names, or the system's. */
export function toolkitVersion(root: string, env: Readonly<Record<string, string | undefined>>): string | null {
  const homes = [env.CUDA_HOME, env.CUDA_PATH].filter((each): each is string => Boolean(each));
  for (const home of [...homes, join(root, 'usr/local/cuda')]) {
    const json = readHead(join(home, 'version.json'), 65_536);
    const version = /"cuda"\s*:\s*\{[^}]*"version"\s*:\s*"([\d.]+)"/.exec(json ?? '')?.[1];
    if (version !== undefined) return version;
    const text = /CUDA Version ([\d.]+)/.exec(readHead(join(home, 'version.txt'), 1024) ?? '')?.[1];
    if (text !== undefined) return text;
  }
  return null;
}
