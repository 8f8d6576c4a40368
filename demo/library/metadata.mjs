/** The `ss_*` and `modelspec.*` entries of a checkpoint's header. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tagFrequency } from './dataset.mjs';
import { localTime } from './local-time.mjs';
import { dumps, Float, str } from './python-text.mjs';
import { legacyHash } from './safetensors.mjs';

/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {import('./dataset.mjs').Subset} Subset */

/**
 * What stays the same in all checkpoints of a run.
 * @param {Options} options
 * @param {object} facts
 * @param {readonly Subset[]} facts.subsets
 * @param {number} facts.seed
 * @param {number} facts.images times repeats
 * @param {number} facts.batches an epoch
 * @param {number} facts.epochs
 * @param {number} facts.steps
 * @param {string} facts.optimizer
 */
export function runMetadata(options, { subsets, seed, images, batches, epochs, steps, optimizer }) {
  const float = (/** @type {number | null} */ value) => (value === null ? null : new Float(value));
  const size = resolution(options.resolution);
  const base = options.pretrained_model_name_or_path ?? '';
  const baseFile = readFileSync(base);
  const metadata = {
    ss_session_id: Math.floor(Math.random() * 2 ** 32),
    ss_training_started_at: new Float(Date.now() / 1000),
    ss_output_name: options.output_name,
    ss_learning_rate: float(options.learning_rate),
    ss_text_encoder_lr: float(options.text_encoder_lr),
    ss_unet_lr: float(options.unet_lr),
    ss_num_train_images: images,
    ss_num_reg_images: 0,
    ss_num_batches_per_epoch: batches,
    ss_num_epochs: epochs,
    ss_gradient_checkpointing: options.gradient_checkpointing,
    ss_gradient_accumulation_steps: options.gradient_accumulation_steps,
    ss_max_train_steps: steps,
    ss_lr_warmup_steps: options.lr_warmup_steps,
    ss_lr_scheduler: options.lr_scheduler,
    ss_network_module: options.network_module,
    ss_network_dim: options.network_dim,
    ss_network_alpha: float(options.network_alpha),
    ss_network_dropout: float(options.network_dropout),
    ss_mixed_precision: options.mixed_precision,
    ss_v2: options.v2,
    ss_base_model_version: 'sd_v1',
    ss_clip_skip: options.clip_skip,
    ss_max_token_length: options.max_token_length,
    ss_cache_latents: options.cache_latents,
    ss_seed: seed,
    ss_noise_offset: float(options.noise_offset),
    ss_min_snr_gamma: float(options.min_snr_gamma),
    ss_training_comment: options.training_comment,
    ss_sd_scripts_commit_hash: commitHash(),
    ss_optimizer: optimizer,
    ss_max_grad_norm: float(options.max_grad_norm),
    ss_prior_loss_weight: float(options.prior_loss_weight),
    ss_batch_size_per_device: options.train_batch_size,
    ss_total_batch_size: options.train_batch_size,
    ss_resolution: size,
    ss_enable_bucket: options.enable_bucket,
    ss_min_bucket_reso: options.min_bucket_reso,
    ss_max_bucket_reso: options.max_bucket_reso,
    ss_keep_tokens: options.keep_tokens,
    ss_shuffle_caption: options.shuffle_caption,
    ss_dataset_dirs: dumps(
      Object.fromEntries(
        subsets.map(({ folder, repeats, examples }) => [folder, { n_repeats: repeats, img_count: examples.length }]),
      ),
    ),
    ss_reg_dataset_dirs: dumps({}),
    ss_tag_frequency: dumps(tagFrequency(subsets)),
    ss_bucket_info: dumps({
      buckets: { 0: { resolution: size, count: images } },
      mean_img_ar_error: new Float(0),
    }),
    ss_sd_model_name: basename(base),
    ss_sd_model_hash: legacyHash(baseFile),
    ss_new_sd_model_hash: createHash('sha256').update(baseFile).digest('hex'),
  };
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, str(value)]));
}

/** The keys that `--no_metadata` leaves. */
const minimum = new Set([
  'ss_base_model_version',
  'ss_network_module',
  'ss_network_dim',
  'ss_network_alpha',
  'ss_network_args',
  'ss_v2',
]);

/**
 * @param {Record<string, string>} metadata of the run
 * @param {Options} options
 * @param {{ step: number, epoch: number }} moment
 * @returns {Record<string, string>}
 */
export function checkpointMetadata(metadata, options, { step, epoch }) {
  const [width, height] = resolution(options.resolution);
  const now = localTime().iso;
  const own = {
    ...metadata,
    ss_training_finished_at: str(new Float(Date.now() / 1000)),
    ss_steps: str(step),
    ss_epoch: str(epoch),
  };
  const kept = options.no_metadata ? Object.entries(own).filter(([key]) => minimum.has(key)) : Object.entries(own);
  return {
    ...Object.fromEntries(kept),
    'modelspec.sai_model_spec': '1.0.0',
    'modelspec.architecture': 'stable-diffusion-v1/lora',
    'modelspec.implementation': 'diffusers',
    'modelspec.title': options.output_name ?? `LoRA@${now}`,
    'modelspec.resolution': `${width}x${height}`,
    'modelspec.date': now,
    'modelspec.prediction_type': 'epsilon',
  };
}

/**
 * @param {string | number | null} given `512` or `512,768`
 * @returns {[number, number]}
 */
function resolution(given) {
  const [width = 512, height = width] = String(given ?? '512')
    .split(',')
    .map(Number);
  return [width, height];
}

function commitHash() {
  const directory = dirname(fileURLToPath(import.meta.url));
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: directory, encoding: 'utf8' });
  return git.status === 0 ? git.stdout.trim() : '(unknown)';
}
