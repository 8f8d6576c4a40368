import type { OptionTable } from './option.ts';
import { networkScripts, type Script, scripts } from './scripts.ts';

const except = (...without: Script[]): Script[] => scripts.filter((script) => !without.includes(script));

/** Options that only some scripts have, or whose default differs from script to script (v0.10.1). */
export const specialOptions: readonly { scripts: readonly Script[]; options: OptionTable }[] = [
  {
    scripts: except('train_db'),
    options: {
      in_json: { type: 'string' },
      dataset_repeats: { type: 'int', default: 1 },
    },
  },
  {
    scripts: except('fine_tune'),
    options: {
      conditioning_data_dir: { type: 'string' },
    },
  },
  {
    scripts: except('train_control_net', 'train_controlnet'),
    options: {
      metadata_title: { type: 'string', naming: true },
      metadata_author: { type: 'string', naming: true },
      metadata_description: { type: 'string', naming: true },
      metadata_license: { type: 'string', naming: true },
      metadata_tags: { type: 'string', naming: true },
      metadata_usage_hint: { type: 'string', naming: true },
      metadata_thumbnail: { type: 'string', naming: true },
      metadata_merged_from: { type: 'string', naming: true },
      metadata_trigger_phrase: { type: 'string', naming: true },
      metadata_preprocessor: { type: 'string', naming: true },
      metadata_is_negative_embedding: { type: 'string', naming: true },
    },
  },
  {
    scripts: except('sdxl_train_textual_inversion', 'train_textual_inversion', 'train_textual_inversion_XTI'),
    options: {
      caption_dropout_rate: { type: 'float', default: 0.0 },
      caption_dropout_every_n_epochs: { type: 'int', default: 0 },
      caption_tag_dropout_rate: { type: 'float', default: 0.0 },
      weighted_captions: { type: 'flag' },
    },
  },
  {
    scripts: except(
      'fine_tune',
      'sdxl_train_control_net',
      'sdxl_train_control_net_lllite',
      'sdxl_train_control_net_lllite_old',
      'train_control_net',
      'train_controlnet',
    ),
    options: {
      masked_loss: { type: 'flag' },
    },
  },
  {
    scripts: except(
      'fine_tune',
      'flux_train_control_net',
      'sdxl_train_control_net',
      'sdxl_train_control_net_lllite',
      'sdxl_train_control_net_lllite_old',
      'train_control_net',
      'train_controlnet',
    ),
    options: {
      reg_data_dir: { type: 'string' },
    },
  },
  {
    scripts: except(
      'fine_tune',
      'train_control_net',
      'train_controlnet',
      'train_db',
      'train_network',
      'train_textual_inversion',
      'train_textual_inversion_XTI',
    ),
    options: {
      disable_mmap_load_safetensors: { type: 'flag' },
    },
  },
  {
    scripts: except(
      'fine_tune',
      'sdxl_train_textual_inversion',
      'train_control_net',
      'train_controlnet',
      'train_db',
      'train_network',
      'train_textual_inversion',
      'train_textual_inversion_XTI',
    ),
    options: {
      cache_text_encoder_outputs: { type: 'flag' },
      cache_text_encoder_outputs_to_disk: { type: 'flag' },
    },
  },
  {
    scripts: except(
      'anima_train',
      'flux_train',
      'flux_train_control_net',
      'lumina_train',
      'sd3_train',
      'train_control_net',
      'train_controlnet',
      'train_textual_inversion_XTI',
    ),
    options: {
      no_half_vae: { type: 'flag' },
    },
  },
  {
    scripts: [
      ...networkScripts,
      'sdxl_train_control_net',
      'sdxl_train_control_net_lllite',
      'sdxl_train_control_net_lllite_old',
      'train_control_net',
      'train_controlnet',
    ],
    options: {
      save_model_as: { type: 'string', choices: ['ckpt', 'pt', 'safetensors'], default: 'safetensors', naming: true },
    },
  },
  {
    scripts: [...networkScripts, 'anima_train', 'flux_train', 'flux_train_control_net', 'lumina_train'],
    options: {
      cpu_offload_checkpointing: { type: 'flag' },
    },
  },
  {
    scripts: [
      ...networkScripts,
      'sdxl_train_textual_inversion',
      'train_db',
      'train_textual_inversion',
      'train_textual_inversion_XTI',
    ],
    options: {
      prior_loss_weight: { type: 'float', default: 1.0 },
    },
  },
  {
    scripts: [
      'anima_train',
      'anima_train_network',
      'flux_train',
      'flux_train_control_net',
      'flux_train_network',
      'hunyuan_image_train_network',
      'lumina_train',
      'lumina_train_network',
      'sd3_train',
      'sd3_train_network',
    ],
    options: {
      text_encoder_batch_size: { type: 'int' },
      weighting_scheme: {
        type: 'string',
        choices: ['sigma_sqrt', 'logit_normal', 'mode', 'cosmap', 'none', 'uniform'],
        default: 'uniform',
      },
      logit_mean: { type: 'float', default: 0.0 },
      logit_std: { type: 'float', default: 1.0 },
      mode_scale: { type: 'float', default: 1.29 },
      blocks_to_swap: { type: 'int' },
    },
  },
  {
    scripts: [...networkScripts, 'sdxl_train_control_net_lllite', 'sdxl_train_control_net_lllite_old'],
    options: {
      network_weights: { type: 'string' },
      network_dim: { type: 'int' },
      network_dropout: { type: 'float' },
    },
  },
  {
    scripts: [
      'anima_train',
      'fine_tune',
      'flux_train',
      'flux_train_control_net',
      'lumina_train',
      'sd3_train',
      'sdxl_train',
      'train_db',
    ],
    options: {
      save_model_as: {
        type: 'string',
        choices: ['ckpt', 'safetensors', 'diffusers', 'diffusers_safetensors'],
        naming: true,
      },
      use_safetensors: { type: 'flag', naming: true },
    },
  },
  {
    scripts: [
      'anima_train',
      'anima_train_network',
      'flux_train',
      'flux_train_control_net',
      'flux_train_network',
      'hunyuan_image_train_network',
      'lumina_train',
      'lumina_train_network',
    ],
    options: {
      sigmoid_scale: { type: 'float', default: 1.0 },
    },
  },
  {
    scripts: networkScripts,
    options: {
      no_metadata: { type: 'flag', naming: true },
      unet_lr: { type: 'float' },
      text_encoder_lr: { type: 'float', list: true, listOfOneIsScalar: true },
      fp8_base_unet: { type: 'flag' },
      network_module: { type: 'string' },
      network_alpha: { type: 'float', default: 1 },
      network_args: { type: 'string', list: true },
      network_train_unet_only: { type: 'flag' },
      network_train_text_encoder_only: { type: 'flag' },
      training_comment: { type: 'string', naming: true },
      dim_from_weights: { type: 'flag' },
      scale_weight_norms: { type: 'float' },
      base_weights: { type: 'string', list: true },
      base_weights_multiplier: { type: 'float', list: true },
      skip_until_initial_step: { type: 'flag' },
      initial_epoch: { type: 'int' },
      initial_step: { type: 'int' },
      validation_seed: { type: 'int' },
      validation_split: { type: 'float', default: 0.0 },
      validate_every_n_steps: { type: 'int' },
      validate_every_n_epochs: { type: 'int' },
      max_validation_steps: { type: 'int' },
    },
  },
  {
    scripts: [
      'flux_train',
      'flux_train_control_net',
      'flux_train_network',
      'sdxl_train_control_net',
      'train_control_net',
      'train_controlnet',
    ],
    options: {
      controlnet_model_name_or_path: { type: 'string' },
    },
  },
  {
    scripts: ['anima_train', 'flux_train', 'flux_train_control_net', 'lumina_train', 'sd3_train'],
    options: {
      skip_latents_validity_check: { type: 'flag' },
    },
  },
  {
    scripts: ['flux_train', 'flux_train_control_net', 'flux_train_network', 'sd3_train', 'sd3_train_network'],
    options: {
      clip_l: { type: 'string' },
      t5xxl: { type: 'string' },
      apply_t5_attn_mask: { type: 'flag' },
    },
  },
  {
    scripts: ['flux_train', 'flux_train_control_net', 'flux_train_network', 'lumina_train', 'lumina_train_network'],
    options: {
      ae: { type: 'string' },
    },
  },
  {
    scripts: ['flux_train', 'flux_train_control_net', 'lumina_train', 'sd3_train', 'sdxl_train'],
    options: {
      fused_optimizer_groups: { type: 'int' },
    },
  },
  {
    scripts: ['flux_train', 'flux_train_control_net', 'flux_train_network', 'hunyuan_image_train_network'],
    options: {
      timestep_sampling: {
        type: 'string',
        choices: ['sigma', 'uniform', 'sigmoid', 'shift', 'flux_shift'],
        default: 'sigma',
      },
    },
  },
  {
    scripts: ['flux_train', 'flux_train_control_net', 'lumina_train', 'sd3_train'],
    options: {
      blockwise_fused_optimizers: { type: 'flag' },
    },
  },
  {
    scripts: ['anima_train', 'anima_train_network', 'hunyuan_image_train_network'],
    options: {
      attn_mode: { type: 'string', choices: ['torch', 'xformers', 'flash', 'sageattn', 'sdpa'] },
      split_attn: { type: 'flag' },
      vae_chunk_size: { type: 'int' },
    },
  },
  {
    scripts: ['fine_tune', 'sd3_train', 'sdxl_train'],
    options: {
      train_text_encoder: { type: 'flag' },
    },
  },
  {
    scripts: ['flux_train', 'flux_train_control_net', 'flux_train_network'],
    options: {
      t5xxl_max_token_length: { type: 'int' },
      guidance_scale: { type: 'float', default: 3.5 },
      model_prediction_type: { type: 'string', choices: ['raw', 'additive', 'sigma_scaled'], default: 'sigma_scaled' },
      discrete_flow_shift: { type: 'float', default: 3.0 },
      model_type: { type: 'string', choices: ['flux', 'chroma'], default: 'flux' },
    },
  },
  {
    scripts: ['flux_train', 'flux_train_control_net', 'lumina_train'],
    options: {
      mem_eff_save: { type: 'flag', naming: true },
    },
  },
  {
    scripts: ['hunyuan_image_train_network', 'lumina_train', 'lumina_train_network'],
    options: {
      model_prediction_type: { type: 'string', choices: ['raw', 'additive', 'sigma_scaled'], default: 'raw' },
    },
  },
  {
    scripts: ['sdxl_train_textual_inversion', 'train_textual_inversion', 'train_textual_inversion_XTI'],
    options: {
      save_model_as: { type: 'string', choices: ['ckpt', 'pt', 'safetensors'], default: 'pt', naming: true },
      weights: { type: 'string' },
      num_vectors_per_token: { type: 'int', default: 1 },
      token_string: { type: 'string' },
      init_word: { type: 'string' },
      use_object_template: { type: 'flag' },
      use_style_template: { type: 'flag' },
    },
  },
  {
    scripts: ['anima_train', 'anima_train_network'],
    options: {
      qwen3: { type: 'string' },
      llm_adapter_path: { type: 'string' },
      llm_adapter_lr: { type: 'float' },
      self_attn_lr: { type: 'float' },
      cross_attn_lr: { type: 'float' },
      mlp_lr: { type: 'float' },
      mod_lr: { type: 'float' },
      t5_tokenizer_path: { type: 'string' },
      qwen3_max_token_length: { type: 'int', default: 512 },
      t5_max_token_length: { type: 'int', default: 512 },
      discrete_flow_shift: { type: 'float', default: 1.0 },
      timestep_sampling: {
        type: 'string',
        choices: ['sigma', 'uniform', 'sigmoid', 'shift', 'flux_shift'],
        default: 'sigmoid',
      },
      vae_disable_cache: { type: 'flag' },
      unsloth_offload_checkpointing: { type: 'flag' },
    },
  },
  {
    scripts: ['fine_tune', 'sdxl_train'],
    options: {
      diffusers_xformers: { type: 'flag' },
    },
  },
  {
    scripts: ['fine_tune', 'train_db'],
    options: {
      learning_rate_te: { type: 'float' },
    },
  },
  {
    scripts: ['flux_train', 'flux_train_control_net'],
    options: {
      double_blocks_to_swap: { type: 'int' },
      single_blocks_to_swap: { type: 'int' },
    },
  },
  {
    scripts: ['lumina_train', 'lumina_train_network'],
    options: {
      gemma2: { type: 'string' },
      gemma2_max_token_length: { type: 'int' },
      timestep_sampling: {
        type: 'string',
        choices: ['sigma', 'uniform', 'sigmoid', 'shift', 'nextdit_shift', 'flux_shift'],
        default: 'shift',
      },
      discrete_flow_shift: { type: 'float', default: 6.0 },
      use_flash_attn: { type: 'flag' },
      use_sage_attn: { type: 'flag' },
      system_prompt: { type: 'string', default: '' },
      sample_batch_size: { type: 'int', naming: true },
    },
  },
  {
    scripts: ['sd3_train', 'sd3_train_network'],
    options: {
      clip_g: { type: 'string' },
      save_clip: { type: 'flag' },
      save_t5xxl: { type: 'flag' },
      t5xxl_device: { type: 'string' },
      t5xxl_dtype: { type: 'string' },
      t5xxl_max_token_length: { type: 'int', default: 256 },
      apply_lg_attn_mask: { type: 'flag' },
      clip_l_dropout_rate: { type: 'float', default: 0.0 },
      clip_g_dropout_rate: { type: 'float', default: 0.0 },
      t5_dropout_rate: { type: 'float', default: 0.0 },
      pos_emb_random_crop_rate: { type: 'float', default: 0.0 },
      enable_scaled_pos_embed: { type: 'flag' },
      training_shift: { type: 'float', default: 1.0 },
    },
  },
  {
    scripts: ['sd3_train', 'sdxl_train'],
    options: {
      learning_rate_te1: { type: 'float' },
      learning_rate_te2: { type: 'float' },
    },
  },
  {
    scripts: ['sdxl_train_control_net_lllite', 'sdxl_train_control_net_lllite_old'],
    options: {
      cond_emb_dim: { type: 'int' },
    },
  },
  {
    scripts: ['flux_train_network'],
    options: {
      split_mode: { type: 'flag' },
    },
  },
  {
    scripts: ['hunyuan_image_train_network'],
    options: {
      text_encoder: { type: 'string' },
      byt5: { type: 'string' },
      discrete_flow_shift: { type: 'float', default: 5.0 },
      fp8_scaled: { type: 'flag' },
      fp8_vl: { type: 'flag' },
      text_encoder_cpu: { type: 'flag' },
    },
  },
  {
    scripts: ['sd3_train'],
    options: {
      train_t5xxl: { type: 'flag' },
      use_t5xxl_cache_only: { type: 'flag' },
      learning_rate_te3: { type: 'float' },
      num_last_block_to_freeze: { type: 'int' },
    },
  },
  {
    scripts: ['sdxl_train'],
    options: {
      block_lr: { type: 'string' },
    },
  },
  {
    scripts: ['sdxl_train_control_net'],
    options: {
      control_net_lr: { type: 'float', default: 0.0001 },
    },
  },
  {
    scripts: ['train_db'],
    options: {
      no_token_padding: { type: 'flag' },
      stop_text_encoder_training: { type: 'int' },
    },
  },
];
