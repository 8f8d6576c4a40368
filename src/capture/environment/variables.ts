import { createHash } from 'node:crypto';
import type { EnvironmentState } from '../../model/facts.ts';
import { isSecretKey, redactText } from '../../model/secrets.ts';

/** Beginnings of the names of variables that libraries of training read. */
const prefixes = [
  'CUDA_',
  'CUDNN_',
  'CUBLAS_',
  'NVIDIA_',
  'NVTE_',
  'NCCL_',
  'RCCL_',
  'GLOO_',
  'UCX_',
  'PYTORCH_',
  'TORCH_',
  'TORCHINDUCTOR_',
  'TORCHDYNAMO_',
  'TORCHELASTIC_',
  'TRITON_',
  'XLA_',
  'PJRT_',
  'ROCM_',
  'HIP_',
  'HSA_',
  'MIOPEN_',
  'ROCR_',
  'ONEAPI_',
  'SYCL_',
  'IPEX_',
  'ZE_',
  'HF_',
  'HUGGINGFACE_',
  'TRANSFORMERS_',
  'DIFFUSERS_',
  'ACCELERATE_',
  'FSDP_',
  'MEGATRON_LM_',
  'PEFT_',
  'SAFETENSORS_',
  'TOKENIZERS_',
  'DATASETS_',
  'XFORMERS_',
  'FLASH_ATTENTION_',
  'FLASH_ATTN_',
  'BITSANDBYTES_',
  'BNB_',
  'DS_',
  'DEEPSPEED_',
  'UNSLOTH_',
  'OMP_',
  'KMP_',
  'GOMP_',
  'MKL_',
  'OPENBLAS_',
  'BLIS_',
  'NUMEXPR_',
  'NUMBA_',
  'VECLIB_',
  'DNNL_',
  'ONEDNN_',
  'TF_CPP_',
  'TF_CUDNN_',
  'TF_DETERMINISTIC_',
  'TF_ENABLE_',
  'TF_FORCE_',
  'TF_GPU_',
  'TF_XLA_',
  'JAX_',
  'PYTHON',
];

const names = new Set(
  `
  LD_LIBRARY_PATH LD_PRELOAD DYLD_LIBRARY_PATH DYLD_INSERT_LIBRARIES GLIBC_TUNABLES
  CONDA_DEFAULT_ENV CONDA_PREFIX VIRTUAL_ENV UV_PROJECT_ENVIRONMENT
  WORLD_SIZE RANK LOCAL_RANK LOCAL_WORLD_SIZE GROUP_RANK NODE_RANK MASTER_ADDR MASTER_PORT
  LANG LC_ALL LC_NUMERIC LC_CTYPE
  `
    .trim()
    .split(/\s+/),
);

/** Endings that, in the name of a variable, mean a secret; no option of these libraries ends so. */
const secretEnding = /(^|_)(TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?|API_KEY)$/i;

/** Values longer than this are cut, with the hash of the whole. */
const longest = 16_384;

function changesResults(name: string): boolean {
  return names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** The variables that can change a result, never the whole environment; secrets by their hash. Sorted by name. */
export function relevantVariables(env: Readonly<Record<string, string | undefined>>): EnvironmentState['variables'] {
  const kept: EnvironmentState['variables'] = {};
  for (const name of Object.keys(env).sort()) {
    const value = env[name];
    if (value === undefined || !changesResults(name)) continue;
    const hash = () => createHash('sha256').update(value).digest('hex');
    if (value !== '' && (isSecretKey(name) || secretEnding.test(name))) kept[name] = { redacted: hash() };
    else if (value.length > longest)
      kept[name] = `${value.slice(0, 1024)}… [${value.length} characters, sha256:${hash()}]`;
    else kept[name] = redactText(value, 'shell', { quoted: false }).text;
  }
  return kept;
}
