/** Settings that sd-scripts reads and then passes over because of another one. */
import type { ConfigValue, Setting } from '../../model/facts.ts';
import { networkScripts, type Script } from './scripts.ts';

/** Marks them with the reason. `get` gives a setting's value in force. */
export function markIgnored(script: Script, settings: Setting[], hiddenByDatasets: ReadonlyMap<string, string>): void {
  const values = new Map(settings.map((setting) => [setting.key, setting.value]));
  const get = (key: string): ConfigValue => values.get(key) ?? null;
  for (const setting of settings) {
    const hidden = setting.source.kind === 'default' ? undefined : hiddenByDatasets.get(setting.key);
    const reason =
      hidden !== undefined ? `dataset_config sets ${hidden} everywhere` : whyIgnored(script, setting.key, get);
    if (reason !== null && setting.known) setting.ignored = reason;
  }
}

function whyIgnored(script: Script, key: string, get: (key: string) => ConfigValue): string | null {
  switch (key) {
    case 'train_data_dir':
    case 'reg_data_dir':
    case 'in_json':
      return get('dataset_config') === null ? null : 'dataset_config stands for it';
    case 'learning_rate':
      return networkScripts.includes(script) ? learningRateHidden(get) : null;
    case 'unet_lr':
      return get('network_train_text_encoder_only') === true ? 'network_train_text_encoder_only is set' : null;
    case 'text_encoder_lr':
      return get('network_train_unet_only') === true ? 'network_train_unet_only is set' : null;
    case 'max_train_steps':
      return get('max_train_epochs') === null ? null : 'max_train_epochs decides the number of steps';
    case 'lr_scheduler':
      return get('lr_scheduler_type') ? 'lr_scheduler_type stands for it' : null;
    case 'caption_extension':
      return get('caption_extention') === null ? null : 'caption_extention stands for it';
    case 'accelerate.mixed_precision':
      return 'sd-scripts sets it by its own mixed_precision';
    case 'accelerate.dynamo_backend':
      return 'sd-scripts sets it by its own torch_compile and dynamo_backend';
    case 'accelerate.gradient_accumulation_steps':
      return 'sd-scripts sets it by its own gradient_accumulation_steps';
    default:
      return null;
  }
}

/** Each part that is trained has a rate of its own. */
function learningRateHidden(get: (key: string) => ConfigValue): string | null {
  const rates = get('text_encoder_lr');
  const text = rates !== null && !(Array.isArray(rates) && rates.length === 0);
  const unet = get('unet_lr') !== null;
  if (unet && text) return 'unet_lr and text_encoder_lr stand for it';
  if (unet && get('network_train_unet_only') === true) return 'unet_lr stands for it';
  if (text && get('network_train_text_encoder_only') === true) return 'text_encoder_lr stands for it';
  return null;
}
