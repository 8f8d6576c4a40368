import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { environmentState } from '../../model/facts.ts';
import type { Interpreter } from '../python/interpreter.ts';
import { captureEnvironment } from './capture-environment.ts';
import { gpusFromFiles, parseNvidiaSmi, probeGpus } from './gpus.ts';
import { container, memory, operatingSystem, processor } from './machine.ts';
import { relevantVariables } from './variables.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-environment-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, text: string): string {
  const absolute = join(root, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

const gibibyte = 1024 ** 3;

describe('GPUs', () => {
  test("NVIDIA's are named by the kernel's files at once", () => {
    file(
      'proc/driver/nvidia/version',
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023\nGCC version:  12.2\n',
    );
    for (const [bus, uuid] of [
      ['0000:01:00.0', 'GPU-aaaa'],
      ['0000:02:00.0', 'GPU-????????-????'],
    ]) {
      file(
        `proc/driver/nvidia/gpus/${bus}/information`,
        `Model: \t\t NVIDIA GeForce RTX 4090\nIRQ:   \t\t 71\nGPU UUID: \t ${uuid}\n`,
      );
    }
    const gpu = { name: 'NVIDIA GeForce RTX 4090', memoryBytes: null };
    expect(gpusFromFiles(root)).toEqual({
      driver: '535.129.03',
      gpus: [
        { ...gpu, uuid: 'GPU-aaaa' },
        { ...gpu, uuid: null },
      ],
    });
  });

  test('the open kernel module says its version in other words', () => {
    file(
      'proc/driver/nvidia/version',
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.14  Release Build\n',
    );
    expect(gpusFromFiles(root)).toEqual({ driver: '550.54.14', gpus: [] });
  });

  test("AMD's tell their memory", () => {
    file('sys/class/drm/card0/device/vendor', '0x1002\n');
    file('sys/class/drm/card0/device/device', '0x744c\n');
    file('sys/class/drm/card0/device/mem_info_vram_total', `${24 * gibibyte}\n`);
    file('sys/class/drm/card0-DP-1/device/vendor', '0x1002\n');
    file('sys/class/drm/card1/device/vendor', '0x8086\n');
    expect(gpusFromFiles(root).gpus).toEqual([{ name: 'AMD GPU 0x744c', uuid: null, memoryBytes: 24 * gibibyte }]);
  });

  test('nvidia-smi is asked, and its answer read', async () => {
    const program = file('bin/nvidia-smi', '#!/bin/sh\necho "NVIDIA H100 80GB HBM3, GPU-1b2c, 81559, 535.129.03"\n');
    chmodSync(program, 0o755);
    const question = { env: { PATH: `${root}/bin:/bin` }, cwd: root };
    expect(await probeGpus(question)).toEqual({
      driver: '535.129.03',
      gpus: [{ name: 'NVIDIA H100 80GB HBM3', uuid: 'GPU-1b2c', memoryBytes: 81559 * 1024 * 1024 }],
    });
    writeFileSync(program, '#!/bin/sh\necho "NVIDIA-SMI has failed because it could not communicate" ; exit 9\n');
    expect(await probeGpus(question)).toBe(null);
    writeFileSync(program, '#!/bin/sh\nexec sleep 60\n');
    expect(await probeGpus({ ...question, timeoutMs: 50 })).toBe(null);
    expect(await probeGpus({ ...question, env: { PATH: '/nowhere' } })).toBe(null);
  });

  test('memory that is shared with the processor is unknown', () => {
    expect(parseNvidiaSmi('NVIDIA GB10, GPU-1, [N/A], 580.1\nnoise\n').gpus).toEqual([
      { name: 'NVIDIA GB10', uuid: 'GPU-1', memoryBytes: null },
    ]);
  });
});

describe('the machine', () => {
  test('memory and cores are what the control group allows, at its tightest level', () => {
    file('proc/meminfo', 'MemTotal:       67108864 kB\n');
    expect(memory(root)).toBe(64 * gibibyte);
    file('proc/self/cgroup', '0::/slurm/job_1/step_0\n');
    file('sys/fs/cgroup/slurm/memory.max', `${16 * gibibyte}\n`);
    file('sys/fs/cgroup/slurm/job_1/memory.max', `${32 * gibibyte}\n`);
    file('sys/fs/cgroup/slurm/job_1/step_0/memory.max', 'max\n');
    file('sys/fs/cgroup/slurm/cpu.max', '50000 100000\n');
    expect(memory(root)).toBe(16 * gibibyte);
    expect(processor(root).cores).toBe(1);
    rmSync(join(root, 'sys'), { recursive: true });
    expect(processor(root).cores).toBe(availableParallelism());
  });

  test('the older control groups limit too, and their no-limit is none', () => {
    file('proc/meminfo', 'MemTotal:       67108864 kB\n');
    file('proc/self/cgroup', '7:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n');
    file('sys/fs/cgroup/memory/memory.limit_in_bytes', `${8 * gibibyte}\n`);
    expect(memory(root)).toBe(8 * gibibyte);
    file('sys/fs/cgroup/memory/memory.limit_in_bytes', '9223372036854771712\n');
    expect(memory(root)).toBe(64 * gibibyte);
  });

  test('the system is named as it names itself', () => {
    file('etc/os-release', 'NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n');
    expect(operatingSystem(root)).toBe('Debian GNU/Linux 12 (bookworm)');
  });

  test.each([
    ['docker', () => file('.dockerenv', '')],
    ['podman', () => file('run/.containerenv', '')],
    ['kubernetes', () => file('proc/1/cgroup', '0::/kubepods/besteffort/pod1\n')],
    ['lxc', () => file('proc/1/cgroup', '1:name=systemd:/lxc/cats\n')],
    ['wsl', () => file('proc/sys/kernel/osrelease', '5.15.90.1-microsoft-standard-WSL2\n')],
    ['apptainer', () => file('.singularity.d/runscript', '')],
  ])('%s leaves its marks', (kind, mark) => {
    file('proc/sys/kernel/osrelease', '6.1.0\n');
    expect(container(root, {})).toBe(null);
    mark();
    expect(container(root, {})).toBe(kind);
  });
});

describe('variables', () => {
  test('of Python are those that it documents', () => {
    const env = { PYTHON_KEYRING: 'secret', PYTHONIC: 'x', PYTHONPATH: '/a', PYTHONHASHSEED: '0', PYTHON_GIL: '0' };
    expect(Object.keys(relevantVariables(env))).toEqual(['PYTHONHASHSEED', 'PYTHONPATH', 'PYTHON_GIL']);
  });

  test.each([
    'HF_TOKEN',
    'HF_KEYRING',
    'CUDA_PASS',
    'NCCL_AUTH_COOKIE',
    'TORCH_APIKEY',
    'NVIDIA_REQUIRE_KEY',
    'TRITON_CREDS',
  ])('%s is kept by its hash only', (name) => {
    expect(relevantVariables({ [name]: 'hunter2' })).toEqual({ [name]: { redacted: expect.any(String) } });
  });

  test('that only look like secrets stay: switches, and words inside other words', () => {
    const env = { HF_HUB_DISABLE_IMPLICIT_TOKEN: '1', TOKENIZERS_PARALLELISM: 'false', CUDA_CACHE_PATH: '/cache' };
    expect(relevantVariables(env)).toEqual(env);
  });

  test.each(['NVIDIA_API_KEY', 'DS_API', 'ZE_WORD'])('%s is none of a training', (name) => {
    expect(relevantVariables({ [name]: 'hunter2' })).toEqual({});
  });

  test('those that can change a result are kept, no other', () => {
    const kept = {
      CUDA_VISIBLE_DEVICES: '0',
      PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True',
      PYTHONHASHSEED: '1',
      CUBLAS_WORKSPACE_CONFIG: ':4096:8',
      LD_PRELOAD: '/lib/x.so',
      HF_HOME: '/data/hf',
      TOKENIZERS_PARALLELISM: 'false',
      MASTER_PORT: '29500',
      HSA_OVERRIDE_GFX_VERSION: '10.3.0',
    };
    expect(
      relevantVariables({ ...kept, PATH: '/bin', HOME: '/root', AWS_REGION: 'x', EDITOR: 'vi', CUDA: undefined }),
    ).toEqual(kept);
  });

  test('secrets are kept by their hash, also under a name that nobody foresaw', () => {
    const redacted = createHash('sha256').update('abc').digest('hex');
    expect(
      relevantVariables({ HF_TOKEN: 'abc', HF_DATASET_UPLOAD_KEY: 'abc', HF_ENDPOINT: 'https://a:b@mirror/' }),
    ).toMatchObject({
      HF_TOKEN: { redacted },
      HF_DATASET_UPLOAD_KEY: { redacted },
    });
    const all = { HF_TOKEN: 'abc-secret', HF_ENDPOINT: 'https://cat:abc-secret@mirror/', WANDB_API_KEY: 'abc-secret' };
    expect(JSON.stringify(relevantVariables(all))).not.toContain('abc-secret');
  });

  test('an endless value is cut, and told apart by its hash', () => {
    const kept = relevantVariables({ LD_LIBRARY_PATH: 'x'.repeat(1e6) }).LD_LIBRARY_PATH as string;
    expect(kept.length).toBeLessThan(1200);
    expect(kept).toContain('sha256:');
  });
});

describe('the whole', () => {
  function interpreter(): Interpreter {
    const site = join(root, 'envs/lora/lib/python3.10/site-packages');
    file('envs/lora/conda-meta/history', '');
    file('envs/lora/lib/python3.10/site-packages/torch/__init__.py', 'raise SystemExit("never imported")\n');
    file(
      'envs/lora/lib/python3.10/site-packages/torch/version.py',
      "from typing import Optional\n__version__ = '2.1.0+cu118'\ndebug = False\ncuda: Optional[str] = '11.8'\ngit_version = '7bcf7da'\nhip: Optional[str] = None\n",
    );
    const prefix = join(root, 'envs/lora');
    const executable = join(prefix, 'bin/python');
    return {
      executable,
      realExecutable: executable,
      prefix,
      basePrefix: prefix,
      version: '3.10.12',
      kind: 'conda',
      pythonPath: [],
      standardLibrary: null,
      sitePackages: [site],
    };
  }

  test('torch and CUDA are read, not imported; the record fits its schema', () => {
    const { environment, warnings } = captureEnvironment({ interpreter: interpreter(), env: {}, host: 'cat', root });
    expect(warnings).toEqual([]);
    expect(environmentState.parse(environment)).toEqual(environment);
    expect(environment).toMatchObject({
      python: '3.10.12',
      conda: 'lora',
      venv: null,
      torch: '2.1.0+cu118',
      cuda: '11.8',
      host: 'cat',
    });
  });

  test('torch for ROCm says so', () => {
    const python = interpreter();
    file(
      'envs/lora/lib/python3.10/site-packages/torch/version.py',
      "__version__ = '2.2.0+rocm5.7'\ncuda = None\nhip = '5.7.31921'\n",
    );
    expect(captureEnvironment({ interpreter: python, env: {}, host: 'cat', root }).environment).toMatchObject({
      torch: '2.2.0+rocm5.7',
      cuda: 'rocm 5.7.31921',
    });
  });

  test("without torch the toolkit's version counts", () => {
    file('usr/local/cuda/version.json', '{"cuda": {"name": "CUDA SDK", "version": "12.1.1"}}');
    const { environment } = captureEnvironment({ interpreter: null, env: {}, host: 'cat', root });
    expect(environment).toMatchObject({ python: null, packages: [], torch: null, cuda: '12.1.1' });
  });

  test('an interpreter without any package directory is warned of, by its path', () => {
    const python = { ...interpreter(), sitePackages: [] };
    const { warnings } = captureEnvironment({ interpreter: python, env: {}, host: 'cat', root });
    expect(warnings).toMatchObject([{ code: 'no-site-packages', message: expect.stringContaining(python.executable) }]);
  });

  test('this machine, whatever it is, fits the schema', () => {
    const { environment } = captureEnvironment({ interpreter: null, env: {}, host: 'cat' });
    expect(environmentState.parse(environment)).toEqual(environment);
    expect(environment.memoryBytes).toBeGreaterThan(1e8);
  });
});
