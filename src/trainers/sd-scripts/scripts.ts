/** The training scripts of sd-scripts v0.10.1, by base name. */
export const scripts = [
  'anima_train',
  'anima_train_network',
  'fine_tune',
  'flux_train',
  'flux_train_control_net',
  'flux_train_network',
  'hunyuan_image_train_network',
  'lumina_train',
  'lumina_train_network',
  'sd3_train',
  'sd3_train_network',
  'sdxl_train',
  'sdxl_train_control_net',
  'sdxl_train_control_net_lllite',
  'sdxl_train_control_net_lllite_old',
  'sdxl_train_network',
  'sdxl_train_textual_inversion',
  'train_control_net',
  'train_controlnet',
  'train_db',
  'train_network',
  'train_textual_inversion',
  'train_textual_inversion_XTI',
] as const;
export type Script = (typeof scripts)[number];

/** Those that train a network (LoRA, LyCORIS, …) beside a frozen model. */
export const networkScripts: readonly Script[] = scripts.filter((script) => script.endsWith('_network'));
