import { createHash } from 'node:crypto';
import type { EnvironmentState } from '../../model/facts.ts';
import { isSecretKey, redactText } from '../../model/secrets.ts';

/** Beginnings of the names of variables that libraries of training read. */
const prefixes = [
  'CUDA_',
  'CUDNN_',
  'CUBLAS_',
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
  'DEEPSPEED_',
  'DS_BUILD_',
  'NVIDIA_REQUIRE_',
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
];

/** Whole names where a beginning would let in what is nobody's option: Python's are those of its documentation. */
const names = new Set(
  `
  LD_LIBRARY_PATH LD_PRELOAD DYLD_LIBRARY_PATH DYLD_INSERT_LIBRARIES GLIBC_TUNABLES
  CONDA_DEFAULT_ENV CONDA_PREFIX VIRTUAL_ENV UV_PROJECT_ENVIRONMENT
  WORLD_SIZE RANK LOCAL_RANK LOCAL_WORLD_SIZE GROUP_RANK NODE_RANK MASTER_ADDR MASTER_PORT
  LANG LC_ALL LC_NUMERIC LC_CTYPE
  NVIDIA_VISIBLE_DEVICES NVIDIA_DRIVER_CAPABILITIES NVIDIA_TF32_OVERRIDE NVIDIA_DISABLE_REQUIRE
  NVIDIA_PRODUCT_NAME NVIDIA_PYTORCH_VERSION NVIDIA_BUILD_ID
  ZE_AFFINITY_MASK ZE_FLAT_DEVICE_HIERARCHY ZE_ENABLE_PCI_ID_DEVICE_ORDER ZE_SHARED_FORCE_DEVICE_ALLOC
  DS_ACCELERATOR DS_SKIP_CUDA_CHECK DS_IGNORE_CUDA_DETECTION
  PYTHONASYNCIODEBUG PYTHONBREAKPOINT PYTHONCASEOK PYTHONCOERCECLOCALE PYTHONDEBUG PYTHONDEVMODE
  PYTHONDONTWRITEBYTECODE PYTHONDUMPREFS PYTHONDUMPREFSFILE PYTHONEXECUTABLE PYTHONFAULTHANDLER PYTHONHASHSEED
  PYTHONHOME PYTHONINSPECT PYTHONINTMAXSTRDIGITS PYTHONIOENCODING PYTHONLEGACYWINDOWSFSENCODING
  PYTHONLEGACYWINDOWSSTDIO PYTHONMALLOC PYTHONMALLOCSTATS PYTHONNODEBUGRANGES PYTHONNOUSERSITE PYTHONOPTIMIZE
  PYTHONPATH PYTHONPERFSUPPORT PYTHONPLATLIBDIR PYTHONPROFILEIMPORTTIME PYTHONPYCACHEPREFIX PYTHONSAFEPATH
  PYTHONSTARTUP PYTHONTRACEMALLOC PYTHONUNBUFFERED PYTHONUSERBASE PYTHONUTF8 PYTHONVERBOSE
  PYTHONWARNDEFAULTENCODING PYTHONWARNINGS PYTHON_BASIC_REPL PYTHON_COLORS PYTHON_CONTEXT_AWARE_WARNINGS
  PYTHON_CPU_COUNT PYTHON_DISABLE_REMOTE_DEBUG PYTHON_FROZEN_MODULES PYTHON_GIL PYTHON_HISTORY PYTHON_JIT
  PYTHON_PERF_JIT_SUPPORT PYTHON_PRESITE PYTHON_THREAD_INHERIT_CONTEXT PYTHON_TLBC
  `
    .trim()
    .split(/\s+/),
);

/** Words that, in the name of a variable, mean a secret. */
const secretWord =
  /(?:^|_)(?:TOKENS?|(?:API|ACCESS|SECRET|PRIVATE|AUTH)?KEYS?|KEYRING|SECRETS?|PASS(?:WORD|WD|PHRASE)?|PWD|CREDENTIALS?|CREDS|AUTH|BEARER|COOKIES?)(?:_|$)/i;
/** `HF_HUB_DISABLE_IMPLICIT_TOKEN=1`: no secret is that short. */
const switched = /^(?:\d{1,3}|true|false|yes|no|on|off)$/i;

/** Values longer than this are cut, with the hash of the whole. */
const longest = 16_384;

function changesResults(name: string): boolean {
  return names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

function isSecret(name: string, value: string): boolean {
  return isSecretKey(name) || (secretWord.test(name) && !switched.test(value));
}

/** The variables that can change a result, never the whole environment; secrets by their hash. Sorted by name. */
export function relevantVariables(env: Readonly<Record<string, string | undefined>>): EnvironmentState['variables'] {
  const kept: EnvironmentState['variables'] = {};
  for (const name of Object.keys(env).sort()) {
    const value = env[name];
    if (value === undefined || !changesResults(name)) continue;
    const hash = () => createHash('sha256').update(value).digest('hex');
    if (value !== '' && isSecret(name, value)) kept[name] = { redacted: hash() };
    else if (value.length > longest)
      kept[name] = `${value.slice(0, 1024)}… [${value.length} characters, sha256:${hash()}]`;
    else kept[name] = redactText(value, 'shell', { quoted: false }).text;
  }
  return kept;
}
