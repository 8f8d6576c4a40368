/** Launchers of distributed training: accelerate, torchrun, deepspeed. */
import { hasOption, type OptionSpec, optionValue, type Scanned, scanOptions } from './options.ts';
import { command, programName, type SeeThrough, type Step } from './step.ts';

/** `accelerate launch` of 1.x and the options that older versions had; any other long option takes a value. */
const accelerateOptions: OptionSpec = {
  flags: [
    ...['-h', '--help', '-q', '--quiet', '-m', '--module', '--no_python', '--cpu', '--multi_gpu', '--tpu', '--debug'],
    ...['--enable_cpu_affinity', '--dynamo_use_fullgraph', '--dynamo_use_dynamic', '--dynamo_use_regional_compilation'],
    ...[
      '--use_deepspeed',
      '--use_fsdp',
      '--use_parallelism_config',
      '--use_megatron_lm',
      '--use_xpu',
      '--use_mps_device',
    ],
    ...['--mps', '--ipex', '--fp16', '--same_network', '--tpu_cluster', '--no_tpu_cluster', '--tpu_use_cluster'],
    ...['--tpu_use_sudo', '--downcast_bf16', '--fp8_use_autocast_during_eval'],
  ],
  values: [
    ...['-t', '--tee', '--config_file', '--mixed_precision', '--num_processes', '--num_machines', '--gpu_ids'],
    ...['--num_cpu_threads_per_process', '--dynamo_backend', '--dynamo_mode', '--machine_rank', '--main_process_ip'],
    ...['--main_process_port', '--log_dir', '--role', '--rdzv_backend', '--rdzv_conf', '--max_restarts'],
    ...[
      '--monitor_interval',
      '--vm',
      '--env',
      '--main_training_function',
      '--zero_stage',
      '--offload_optimizer_device',
    ],
    ...['--offload_param_device', '--offload_optimizer_nvme_path', '--offload_param_nvme_path', '--gradient_clipping'],
    ...['--gradient_accumulation_steps', '--zero3_init_flag', '--zero3_save_16bit_model', '--aws_access_key_id'],
    ...['--aws_secret_access_key', '--mpirun_hostfile', '--mpirun_ccl'],
  ],
  dashesAreUnderscores: true,
};
/** Families of accelerate's options that grow with its versions; all but the flags above take a value. */
const accelerateFamily = /^--(?:fsdp|megatron_lm|fp8|parallelism_config|deepspeed|dynamo)_/;

export const accelerate: SeeThrough = (args, path, program) => {
  const launch = programName(program) === 'accelerate-launch' ? args : args[0] === 'launch' ? args.slice(1) : null;
  if (launch === null) return null;
  const grown = launch
    .map((word) => word.replace(/=.*$/s, ''))
    .filter((word) => word.startsWith('--'))
    .map((word) => `--${word.slice(2).replaceAll('-', '_')}`)
    .filter((word) => accelerateFamily.test(word) && !accelerateOptions.flags!.includes(word));
  const scanned = scanOptions(launch, { ...accelerateOptions, values: [...accelerateOptions.values!, ...grown] });
  if (scanned === null) return null;
  const step = launched(scanned, ['-m', '--module'], ['--no_python']);
  if (step === null) return null;
  const options: Record<string, string | true> = {};
  for (const { name, value } of scanned.options) options[longName(name)] = value;
  path.accelerate = { options, configFile: optionValue(scanned, '--config_file') };
  path.program = path.interpreter ?? program;
  return step;
};

function longName(name: string): string {
  const long: Record<string, string> = { '-m': 'module', '-q': 'quiet', '-t': 'tee', '-h': 'help' };
  return long[name] ?? name.replace(/^--/, '').replaceAll('-', '_');
}

export const torchrun: SeeThrough = (args, path, program) => {
  const scanned = scanOptions(args, {
    flags: [
      '-h',
      '--help',
      '--standalone',
      '-m',
      '--module',
      '--no-python',
      '--run-path',
      '--use-env',
      '--virtual-local-rank',
    ],
    values: [
      ...[
        '--nnodes',
        '--nproc-per-node',
        '--rdzv-backend',
        '--rdzv-endpoint',
        '--rdzv-id',
        '--rdzv-conf',
        '--max-restarts',
      ],
      ...[
        '--monitor-interval',
        '--start-method',
        '--event-log-handler',
        '--role',
        '--log-dir',
        '-r',
        '--redirects',
        '-t',
        '--tee',
      ],
      ...[
        '--local-ranks-filter',
        '--node-rank',
        '--master-addr',
        '--master-port',
        '--local-addr',
        '--logs-specs',
        '--numa-binding',
      ],
      ...['--signals-to-handle', '--duplicate-stdout-filters', '--duplicate-stderr-filters'],
    ],
    dashesAreUnderscores: true,
    abbreviations: true,
  });
  const step = scanned && launched(scanned, ['-m', '--module'], ['--no-python']);
  if (step !== null) path.program = path.interpreter ?? program;
  return step;
};

export const deepspeed: SeeThrough = (args, path, program) => {
  const scanned = scanOptions(args, {
    flags: [
      ...[
        '-h',
        '--help',
        '--module',
        '--no_python',
        '--no_local_rank',
        '--no_ssh',
        '--no_ssh_check',
        '--force_multi',
        '--save_pid',
      ],
      ...['--elastic_training', '--bind_cores_to_rank'],
    ],
    values: [
      ...[
        '-H',
        '--hostfile',
        '-i',
        '--include',
        '-e',
        '--exclude',
        '--num_nodes',
        '--min_elastic_nodes',
        '--max_elastic_nodes',
      ],
      ...[
        '--num_gpus',
        '--master_port',
        '--master_addr',
        '--node_rank',
        '--launcher',
        '--launcher_args',
        '--enable_each_rank_log',
      ],
      ...['--autotuning', '--bind_core_list', '--ssh_port', '--venv_script', '--world_info'],
    ],
    abbreviations: true,
  });
  const step = scanned && launched(scanned, ['--module'], ['--no_python']);
  if (step !== null) path.program = path.interpreter ?? program;
  return step;
};

function launched(scanned: Scanned, module: string[], noPython: string[]): Step | null {
  const [first, ...rest] = scanned.rest;
  if (first === undefined) return null;
  if (hasOption(scanned, ...noPython)) return command(scanned.rest);
  return hasOption(scanned, ...module)
    ? { kind: 'trainer', script: null, module: first, arguments: rest }
    : { kind: 'trainer', script: first, module: null, arguments: rest };
}
