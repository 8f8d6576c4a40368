import type { Diagnosis } from '../../model/facts.ts';

interface Rule {
  code: string;
  pattern: RegExp;
  message(match: RegExpExecArray, line: string): string;
  hint: string;
}

const gpuHint =
  'Lower train_batch_size or resolution, turn on gradient_checkpointing or cache_latents, use fp8_base or bf16, or close what else uses the GPU (nvidia-smi shows it).';
const hostHint =
  'Close other programs, lower max_data_loader_n_workers, use cache_latents_to_disk or lowram, or add swap; in a container raise its memory limit.';
const cudaHint =
  'Check that driver, CUDA and PyTorch fit each other (spoor doctor, nvidia-smi); run once more with CUDA_LAUNCH_BLOCKING=1 to see the place.';

/** In order of how much they explain. */
const rules: readonly Rule[] = [
  {
    code: 'nan-latents',
    pattern: /NaN detected in latents: (.+)/,
    message: ([, path]) => `The latents of ${path!.trim()} are NaN`,
    hint: 'Use no_half_vae or a VAE that works in half precision, or look at this image.',
  },
  {
    code: 'disk-full',
    pattern:
      /No space left on device|Disk quota exceeded|\[Errno 28\]|os error 28|\bENOSPC\b|StorageFull|PytorchStreamWriter failed writing/,
    message: (_, line) => `The disk is full: ${line}`,
    hint: 'Free space where the trainer writes (output_dir, caches beside the dataset, /tmp), or save less often.',
  },
  {
    code: 'host-out-of-memory',
    pattern:
      /DefaultCPUAllocator: (?:can't allocate|not enough) memory|std::bad_alloc|^(?:numpy\S*)?\.?_?(?:Array)?MemoryError\b|Cannot allocate memory|paging file is too small|\[WinError 1455\]|DataLoader worker \(pid\(?s?\)? [\d, ]+\) (?:is killed by signal: Killed|exited unexpectedly)/,
    message: (_, line) => `The computer's memory ran out${asked(line, /tried to allocate (\d+) bytes/)}: ${line}`,
    hint: hostHint,
  },
  {
    code: 'out-of-memory',
    pattern:
      /(?:CUDA|HIP|XPU|MPS backend|NPU) out of memory|\bOutOfMemoryError\b|CUDA error: out of memory|CUBLAS_STATUS_ALLOC_FAILED|cudaErrorMemoryAllocation|CUDNN_STATUS_ALLOC_FAILED/,
    message: (_, line) => `The GPU's memory ran out${asked(line, /Tried to allocate ([\d.]+ \w+)/i)}: ${line}`,
    hint: gpuHint,
  },
  {
    code: 'no-data',
    pattern: /No data found\. Please verify arguments/,
    message: () => 'No images were found, and nothing was trained',
    hint: 'train_data_dir must be the parent of folders named <repeats>_<class>; in a dataset_config image_dir is the folder itself.',
  },
  {
    code: 'missing-module',
    pattern: /^(?:ModuleNotFoundError|ImportError): (.+)/,
    message: ([, what]) => `Python cannot import what the trainer needs: ${what}`,
    hint: 'Install it into the environment that runs the trainer, or start the trainer in the right environment (--conda).',
  },
  {
    code: 'file-not-found',
    pattern: /provided pretrained_model_name_or_path "([^"]+)" is neither a valid local path nor a valid repo id/,
    message: ([, path]) => `The base model ${path} is not there`,
    hint: 'Check pretrained_model_name_or_path.',
  },
  {
    code: 'file-not-found',
    pattern:
      /(?:FileNotFoundError: |\[Errno 2\] )(?:\[Errno 2\] )?(?:No such file or directory: )?['"]?([^'"]+)['"]?|file not found \/ [^:]*: (.+)|can't open file '([^']+)'|^No prompt file \/ [^:]*: (.+)|^(\S.*\.toml) not found\.$/,
    message: ([, ...paths]) => `A file is not there: ${paths.find((path) => path !== undefined)!.trim()}`,
    hint: 'Check the path, and that the disk it is on is mounted.',
  },
  {
    code: 'file-not-found',
    pattern:
      /(?:HFValidationError|RepositoryNotFoundError|OSError): (.*(?:repo id|Repo id|is not a local folder|Repository Not Found).*)/,
    message: ([, what]) => `A model is neither a file nor on the hub: ${what}`,
    hint: 'Check the path or the repository id, and that you may read it (HF_TOKEN).',
  },
  {
    code: 'bad-argument',
    pattern: /^\S+: error: (.+)$/,
    message: ([, what]) => `The trainer does not accept its arguments: ${what}`,
    hint: 'Correct the argument; the settings of the run show which ones are not known.',
  },
  {
    code: 'bad-argument',
    pattern: /MultipleInvalid: (.+)|^voluptuous\.error\.\w+: (.+)/,
    message: ([, first, second]) => `The dataset configuration is not accepted: ${first ?? second}`,
    hint: 'Correct the key that is named; the warnings of the run name its line.',
  },
  {
    code: 'cuda-error',
    pattern:
      /CUDA error: .+|device-side assert|no kernel image is available|cuDNN error: .+|CUDNN_STATUS_\w+|CUBLAS_STATUS_\w+|NCCL (?:error|WARN)|Found no NVIDIA driver|driver version is insufficient|Torch not compiled with CUDA|an illegal memory access/,
    message: (_, line) => `CUDA failed: ${line}`,
    hint: cudaHint,
  },
];

function asked(line: string, pattern: RegExp): string {
  const amount = pattern.exec(line)?.[1];
  return amount === undefined
    ? ''
    : ` (it asked for ${/^\d+$/.test(amount) ? gibibytes(Number(amount)) : amount} more)`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** The longest line that is quoted. */
const quoted = 300;

/** What one of the lines tells of a known failure; earlier rules explain more, later lines are nearer the end. */
export function knownFailure(lines: readonly string[]): Diagnosis | null {
  for (const rule of rules) {
    for (const line of lines.toReversed()) {
      const match = rule.pattern.exec(line);
      if (match === null) continue;
      return { code: rule.code, message: rule.message(match, line.trim()).slice(0, quoted), hint: rule.hint };
    }
  }
  return null;
}
