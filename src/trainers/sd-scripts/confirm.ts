import type { ConfigValue, Setting } from '../../model/facts.ts';
import type { Confirmation, LogState } from '../trainer.ts';
import { fromPythonText } from './python-values.ts';

/** Options whose value in force stands in the header as `ss_<name>`. */
export const mirrored =
  'seed learning_rate unet_lr text_encoder_lr max_train_steps lr_warmup_steps lr_scheduler network_module network_dim network_alpha network_dropout mixed_precision full_fp16 v2 clip_skip max_token_length cache_latents gradient_checkpointing gradient_accumulation_steps lowram noise_offset multires_noise_iterations multires_noise_discount adaptive_noise_scale zero_terminal_snr max_grad_norm caption_dropout_rate caption_dropout_every_n_epochs caption_tag_dropout_rate face_crop_aug_range prior_loss_weight min_snr_gamma scale_weight_norms ip_noise_gamma loss_type huber_schedule huber_c huber_scale fp8_base output_name'.split(
    ' ',
  );

/** What only the trainer can know. */
const measured = 'num_epochs num_batches_per_epoch num_train_images num_reg_images'.split(' ');

/**
 * Compares the settings with a checkpoint's header and with what the log announced. Gives what was open
 * (no seed given) and what differs; what agrees is left out. A default of another version of sd-scripts
 * is corrected, not contradicted.
 */
export function confirmSettings(
  settings: readonly Setting[],
  metadata: Readonly<Record<string, string>>,
  log: LogState,
): Confirmation[] {
  const byKey = new Map(settings.map((setting) => [setting.key, setting]));
  const confirmations: Confirmation[] = [];
  const compare = (key: string, actual: ConfigValue) => {
    const setting = byKey.get(key);
    const predicted = setting?.value ?? null;
    if (actual === null && setting === undefined) return;
    if (same(predicted, actual)) return;
    const open = setting === undefined || setting.source.kind === 'default' || setting.ignored !== undefined;
    confirmations.push({ key, predicted, actual, disagrees: !open });
  };
  for (const key of mirrored) {
    const text = ownText(metadata, `ss_${key}`);
    if (text !== null) compare(key, impliedBy(key, byKey, fromPythonText(text)));
  }
  for (const key of measured) {
    const text = ownText(metadata, `ss_${key}`);
    const actual = text === null ? (log.announced[key] ?? null) : fromPythonText(text);
    if (actual !== null) compare(key, actual);
  }
  const processes = log.announced.num_processes;
  if (processes !== undefined && processes > 0) compare('accelerate.num_processes', processes);
  const batch = log.announced.batch_size;
  if (batch !== undefined) {
    const accumulation = log.announced.gradient_accumulation_steps ?? 1;
    compare('total_batch_size', batch * (processes ?? 1) * accumulation);
  }
  return confirmations;
}

/** Headers are short; longer values are not looked at. */
function ownText(metadata: Readonly<Record<string, string>>, key: string): string | null {
  const text = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  return typeof text === 'string' && text.length <= 4096 ? text : null;
}

/** `cache_latents_to_disk` turns `cache_latents` on. */
function impliedBy(key: string, settings: ReadonlyMap<string, Setting>, actual: ConfigValue): ConfigValue {
  if (key !== 'cache_latents' || actual !== true) return actual;
  return settings.get('cache_latents_to_disk')?.value === true ? (settings.get(key)?.value ?? actual) : actual;
}

function same(predicted: ConfigValue, actual: ConfigValue): boolean {
  if (Array.isArray(predicted) && predicted.length <= 1 && !Array.isArray(actual))
    return same(predicted[0] ?? null, actual);
  if (Array.isArray(actual) && actual.length <= 1 && !Array.isArray(predicted))
    return same(predicted, actual[0] ?? null);
  if (typeof predicted === 'number' && typeof actual === 'number') {
    return (
      predicted === actual || Math.abs(predicted - actual) <= 1e-9 * Math.max(Math.abs(predicted), Math.abs(actual))
    );
  }
  if ((predicted === null || predicted === false) && (actual === null || actual === false)) return true;
  // A quoted number in the configuration file stays text; in the header it looks like a number.
  if (typeof predicted === 'string' && typeof actual === 'number') return fromPythonText(predicted) === actual;
  return JSON.stringify(predicted) === JSON.stringify(actual);
}
