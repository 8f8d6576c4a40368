/** The runs of the fixed home, and the facts of each. */
import type { ConfigValue, Setting, Told } from '../../../src/model/facts.ts';
import type { RunId } from '../../../src/model/run-id.ts';
import { parseRunName } from '../../../src/model/run-name.ts';
import { created } from '../../../src/server/testing/served-home.ts';

export interface Plan {
  number: number;
  name: string;
  /** When it was started, in milliseconds. */
  at: number;
  stepMs: number;
  total: number;
  reached: number;
  status: 'succeeded' | 'failed' | 'interrupted' | 'running';
  reason: string | null;
  tags: string[];
  rate: number;
  /** What the loss comes down to. */
  loss: number;
  sampledAt: number[];
  /** How clear its pictures become, to 1, and their colour. */
  skill: number;
  hue: number;
  /** What people said afterwards. */
  said: Told[];
}

const hour = (day: number, at: number) => Date.UTC(2026, 4, day, at);
const quarters = [50, 100, 150, 200];
const wolf = { stepMs: 4800, total: 200, reached: 200, status: 'succeeded' as const, tags: ['wolf'], hue: 220 };

export const plans: Plan[] = [
  {
    ...wolf,
    ...{ number: 1, name: 'noob-grey_wolf-v1s200', at: hour(1, 9), reason: 'first try', rate: 1e-4, loss: 0.118 },
    ...{ sampledAt: quarters, skill: 0.55 },
    said: [
      { type: 'verdict', verdict: 'mixed', why: 'the wolf is there, the nights are flat' },
      { type: 'note', text: 'Fur is **blurred** below weight 0.8.\n\n- try a higher rate\n- better captions' },
    ],
  },
  {
    ...wolf,
    ...{ number: 2, name: 'noob-grey_wolf-v2s200', at: hour(1, 14), rate: 4e-4, loss: 0.071 },
    ...{ reason: 'higher rate, better captions for the nights', sampledAt: quarters, skill: 1, hue: 250 },
    tags: ['wolf', 'release'],
    said: [
      { type: 'verdict', verdict: 'worked', why: 'fur holds at every weight' },
      { type: 'star', step: 150, epoch: null, starred: true },
    ],
  },
  {
    ...wolf,
    ...{ number: 3, name: 'noob-grey_wolf-v3s200', at: hour(2, 8), rate: 4e-4, loss: 0.14, reached: 37 },
    ...{ status: 'failed', reason: 'batches of four', sampledAt: [], skill: 0 },
    said: [],
  },
  {
    ...wolf,
    ...{ number: 4, name: 'illus-paper_crane-v1s400', at: hour(2, 19), rate: 5e-5, loss: 0.096, total: 400 },
    ...{ reached: 120, status: 'interrupted', reason: null, tags: [], sampledAt: [50, 100], skill: 0.8, hue: 20 },
    said: [],
  },
  {
    ...wolf,
    ...{ number: 5, name: 'noob-grey_wolf-v4s200', at: hour(3, 11), rate: 6e-4, loss: 0.069, stepMs: 24_000 },
    ...{ reached: 140, status: 'running', reason: 'a little faster still', sampledAt: [50, 100], skill: 1, hue: 280 },
    said: [],
  },
];

const output = (plan: Plan) => `/training/output/${plan.name}`;

export function promptsOf({ name }: Plan): string[] {
  const what = name.includes('crane') ? 'paper crane' : 'grey wolf';
  return [
    `${what}, howling, night sky, full moon --w 512 --h 512 --d 42`,
    `${what}, running through deep snow --w 512 --h 512 --d 43`,
    `${what}, portrait, looking at viewer --w 512 --h 512 --d 44`,
  ];
}

export function captionsOf({ number }: Plan): string[] {
  return [
    number === 1 ? 'grey wolf, howling, night, blue light' : 'grey wolf, howling, night, stars, dark blue sky',
    'grey wolf, running, snow, winter, pale sky',
    'grey wolf, portrait, looking at viewer, simple background',
    'grey wolf, sitting, forest, autumn leaves',
    number === 1 ? 'grey wolf, standing, night, northern lights' : 'grey wolf, standing, night, aurora borealis',
    'grey wolf, sleeping, grass, top-down',
    'grey wolf, two wolves, playing, snow',
    'grey wolf, drinking, river, reflection',
  ];
}

export function settingsOf(plan: Plan): Setting[] {
  const of = (key: string, value: ConfigValue, effective = true): Setting => {
    const source = { kind: 'config-file' as const, file: '/training/wolf/config.toml', line: 1 + key.length };
    return { key, value, source, effective, known: true };
  };
  return [
    of('pretrained_model_name_or_path', '/models/noobai-xl-1.1.safetensors'),
    of('train_data_dir', '/datasets/wolf'),
    of('learning_rate', 1e-4),
    of('unet_lr', plan.rate),
    of('text_encoder_lr', plan.rate / 2),
    of('optimizer_type', 'AdamW8bit'),
    of('lr_scheduler', 'cosine'),
    of('lr_warmup_steps', 20),
    of('network_module', 'networks.lora'),
    of('network_dim', 16),
    of('network_alpha', 8),
    of('train_batch_size', plan.number === 3 ? 4 : 1),
    of('max_train_steps', plan.total),
    of('resolution', '1024,1024'),
    of('mixed_precision', 'bf16'),
    of('seed', 42),
    of('output_dir', output(plan), false),
    of('output_name', plan.name, false),
  ];
}

const hash = (seed: string) => Buffer.from(seed.padEnd(32, '·')).toString('hex').slice(0, 64);
interface Put {
  bytes: number;
  sha256: string;
}

/** Facts of a plan, in the order in which a recorder tells them. */
export const told = {
  begin(id: RunId, plan: Plan, put: { config: Put; prompts: Put; manifest: Put }): Told[] {
    const file = (role: 'config' | 'prompts' | 'base-model', path: string, key: string, of: Partial<Put>): Told => ({
      type: 'file',
      file: {
        ...{ role, path, key, kind: 'file', sha1: null, sha256: of.sha256 ?? hash(path), bytes: of.bytes ?? null },
        object: of.bytes === undefined ? null : (of.sha256 ?? null),
      },
    });
    const captions = captionsOf(plan).length;
    return [
      created(id, plan.name, {
        ...{ name: parseRunName(plan.name), reason: plan.reason, tags: plan.tags, outputDir: output(plan) },
        command: 'accelerate launch train_network.py --config_file /training/wolf/config.toml'.split(' '),
      }),
      {
        type: 'arguments',
        trainer: 'sd-scripts',
        script: '/training/sd-scripts/train_network.py',
        wrappers: [],
        settings: settingsOf(plan),
      },
      {
        type: 'repository',
        repository: {
          ...{ name: 'sd-scripts', path: '/training/sd-scripts', kind: 'git', roles: ['trainer'], branch: 'main' },
          ...{ head: '8f4ee8fc343b047965cd8976fca65c3a35b7593a', describe: 'v0.9.1', dirty: true, shallow: false },
          ...{ remote: 'https://github.com/kohya-ss/sd-scripts', remotes: [], ahead: 0, behind: 3 },
          changes: { staged: 0, unstaged: 1, untracked: 0, ignoredKept: 0 },
          changedPaths: [{ path: 'library/train_util.py', status: ' M' }],
          ...{ snapshot: null, code: null, nested: [], omitted: [], likelySecrets: [] },
        },
      },
      file('config', '/training/wolf/config.toml', 'config_file', put.config),
      file('prompts', '/training/wolf/sample-prompts.txt', 'sample_prompts', put.prompts),
      file('base-model', '/models/noobai-xl-1.1.safetensors', 'pretrained_model_name_or_path', {}),
      {
        type: 'dataset',
        dataset: {
          roots: [
            { path: '/datasets/wolf', kind: 'train', repeats: 2, classTokens: 'grey wolf', captionExtension: '.txt' },
          ],
          ...{ files: 2 * captions, images: captions, captions, bytes: 9_400_000, imagesKept: captions },
          ...{ sha256: put.manifest.sha256, manifest: put.manifest.sha256, omitted: [], omittedMore: 0 },
        },
      },
      { type: 'environment', environment },
      { type: 'captured', milliseconds: 212 },
    ];
  },

  sampled(plan: Plan, step: number, prompt: number, kept: Put & { width: number; height: number }): Told[] {
    const path = `${output(plan)}/sample/${plan.name}_${String(step).padStart(6, '0')}_0${prompt}_${42 + prompt}.png`;
    const { width, height, bytes, sha256 } = kept;
    const nothing = { epoch: null, tensorSha256: null, sessionId: null, goneAt: null, final: false };
    const artifact = { kind: 'sample' as const, path, step, prompt, seed: 42 + prompt, bytes, sha256, ...nothing };
    return [
      { type: 'artifact', artifact: { ...artifact, modifiedAt: new Date(plan.at + step * plan.stepMs).toISOString() } },
      {
        ...{ type: 'preview', path, sha256, image: { width, height, format: 'png' }, reason: null },
        preview: { object: sha256, bytes, width, height },
      },
      { type: 'kept', path, object: sha256, kept: true },
    ];
  },

  saved(plan: Plan, step: number): Told[] {
    const final = step === plan.total;
    const path = `${output(plan)}/${plan.name}${final ? '' : `-step${String(step).padStart(8, '0')}`}.safetensors`;
    const sha256 = hash(`${plan.number} ${step}`);
    return [
      {
        type: 'artifact',
        artifact: {
          ...{
            kind: 'checkpoint',
            path,
            step,
            epoch: null,
            prompt: null,
            seed: null,
            bytes: 114_322_880,
            sha256,
            final,
          },
          ...{ tensorSha256: hash(`t ${sha256}`), sessionId: '873797285', goneAt: null },
          modifiedAt: new Date(plan.at + step * plan.stepMs).toISOString(),
        },
      },
    ];
  },

  end(plan: Plan): Told[] {
    if (plan.status === 'running') return [];
    const endedAt = new Date(plan.at + plan.reached * plan.stepMs + 20_000).toISOString();
    const progress = {
      ...{ step: plan.reached, total: plan.total, epoch: 25, epochs: 25, loss: plan.loss, rate: 1000 / plan.stepMs },
      phase: plan.status === 'succeeded' ? ('finished' as const) : ('training' as const),
    };
    const how = {
      succeeded: { exitCode: 0, signal: null, diagnosis: null },
      interrupted: { exitCode: 130, signal: 'SIGINT', diagnosis: null },
      failed: {
        ...{ exitCode: 1, signal: null },
        diagnosis: {
          code: 'out-of-memory',
          message: 'the GPU ran out of memory: 20.00 MiB more were asked for than were free',
          hint: 'Lower train_batch_size or the resolution, or set gradient_checkpointing.',
        },
      },
    }[plan.status];
    return [
      {
        type: 'machine',
        machine: {
          gpus: [
            {
              ...{ index: 0, name: 'NVIDIA GeForce RTX 4090', uuid: null, used: true, utilisation: 91 },
              ...{ memoryPeak: 19_300_000_000, memoryBytes: 25_769_803_776, temperaturePeak: 71, wattHours: 84 },
            },
          ],
          ...{ gpuHours: 0.27, gpusBy: 'only', cpu: 23, memoryPeak: 14_100_000_000, memoryBytes: 67_430_000_000 },
          ...{ processMemoryPeak: 9_800_000_000, diskFreeLeast: 412_000_000_000, cost: null },
        },
      },
      { type: 'ended', status: plan.status, endedAt, startedAt: null, progress, ...how },
    ];
  },
};

const environment = {
  ...{ python: '3.10.14', executable: '/training/venv/bin/python', prefix: '/training/venv', conda: null },
  ...{ venv: '/training/venv', torch: '2.6.0+cu124', cuda: '12.4', driver: '570.86.10', container: null },
  packages: [
    ['accelerate', '1.4.0'],
    ['diffusers', '0.32.2'],
    ['safetensors', '0.5.2'],
    ['torch', '2.6.0+cu124'],
    ['transformers', '4.48.3'],
  ].map(([name = '', version = '']) => ({ name, version, editable: null, origin: null })),
  gpus: [{ name: 'NVIDIA GeForce RTX 4090', memoryBytes: 25_769_803_776, uuid: null }],
  ...{ os: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.1.0-31-amd64', host: 'lair', memoryBytes: 67_430_000_000 },
  cpu: { model: 'AMD Ryzen 9 7950X', cores: 32 },
  variables: { CUDA_VISIBLE_DEVICES: '0' },
};
