/**
 * What the `__metadata__` of a model file tells, whichever trainer wrote it: kohya's sd-scripts and what speaks
 * like it (LyCORIS, musubi-tuner, ai-toolkit), OneTrainer, diffusers and peft, and the Model Spec. All of it is
 * the file's own word.
 */
import type { ConfigValue } from '../../model/facts.ts';
import { kohyaDefaults, kohyaSettings, kohyaTags } from './kohya.ts';
import { countOf, instantOf, jsonObject, textOf } from './values.ts';

export interface FileMetadata {
  /** `sd-scripts`, `lycoris`, `ai-toolkit`, `onetrainer`, `diffusers`, `peft`, or null where nothing tells. */
  writer: string | null;
  title: string | null;
  comment: string | null;
  step: number | null;
  epoch: number | null;
  session: { id: string | null; startedAt: string | null; finishedAt: string | null };
  base: { name: string | null; version: string | null; legacyHash: string | null; sha256: string | null };
  /** Commit of the trainer, as far as its files lay in a repository. */
  commit: string | null;
  /** The arguments that were in force, reconstructed; without those that the trainer does not write down. */
  settings: { key: string; value: ConfigValue }[];
  /** Keys of those that have the trainer's default. */
  defaults: string[];
  /** Summed over all folders, most frequent first. */
  tags: { tag: string; count: number }[];
  folders: { name: string; repeats: number | null; images: number | null }[];
  buckets: { width: number; height: number; count: number }[];
  modelspec: Record<string, string>;
  /** What the file says of its own hashes: to be verified. */
  claims: { modelHash: string | null; legacyHash: string | null; sha256: string | null };
}

export function readMetadata(metadata: Readonly<Record<string, string>>): FileMetadata {
  const writer = writerOf(metadata);
  const info = jsonObject(metadata.training_info);
  const { tags, folders, buckets } = kohyaTags(metadata);
  const settings = settingsOf(writer, metadata);
  return {
    writer,
    title: textOf(metadata.ss_output_name) ?? textOf(metadata['modelspec.title']) ?? textOf(metadata.name),
    comment: textOf(metadata.ss_training_comment),
    step: countOf(metadata.ss_steps) ?? countOf(info?.step),
    epoch: countOf(metadata.ss_epoch) ?? countOf(info?.epoch),
    session: {
      id: textOf(metadata.ss_session_id)?.slice(0, 200) ?? null,
      startedAt: instantOf(metadata.ss_training_started_at),
      finishedAt: instantOf(metadata.ss_training_finished_at),
    },
    base: {
      name: textOf(metadata.ss_sd_model_name),
      version: textOf(metadata.ss_base_model_version) ?? textOf(metadata['modelspec.architecture']),
      legacyHash: hexOf(metadata.ss_sd_model_hash),
      sha256: hexOf(metadata.ss_new_sd_model_hash),
    },
    commit: textOf(metadata.ss_sd_scripts_commit_hash) ?? textOf(metadata.ot_revision),
    settings,
    defaults: writer === 'sd-scripts' || writer === 'lycoris' ? kohyaDefaults(settings, metadata) : [],
    tags,
    folders,
    buckets,
    modelspec: Object.fromEntries(
      Object.entries(metadata).flatMap(([key, value]) =>
        key.startsWith('modelspec.') ? [[key.slice('modelspec.'.length), value]] : [],
      ),
    ),
    claims: {
      modelHash: hexOf(metadata.sshs_model_hash),
      legacyHash: hexOf(metadata.sshs_legacy_hash),
      sha256: hexOf(metadata['modelspec.hash_sha256']),
    },
  };
}

function writerOf(metadata: Readonly<Record<string, string>>): string | null {
  if (metadata.ot_config !== undefined || metadata.ot_revision !== undefined) return 'onetrainer';
  if (metadata.training_info !== undefined || /ai-toolkit/i.test(metadata.software ?? '')) return 'ai-toolkit';
  if (/^lycoris/.test(metadata.ss_network_module ?? '')) return 'lycoris';
  if (Object.keys(metadata).some((key) => key.startsWith('ss_'))) return 'sd-scripts';
  if (metadata.lora_adapter_metadata !== undefined) return 'diffusers';
  if (metadata.peft_type !== undefined || metadata.peft_config !== undefined) return 'peft';
  return metadata.format === 'pt' ? 'diffusers' : null;
}

function settingsOf(writer: string | null, metadata: Readonly<Record<string, string>>): FileMetadata['settings'] {
  if (writer === 'onetrainer') return plain(jsonObject(metadata.ot_config));
  if (writer === 'diffusers') return plain(jsonObject(metadata.lora_adapter_metadata));
  if (writer === 'peft') return plain(jsonObject(metadata.peft_config) ?? metadata);
  return kohyaSettings(metadata);
}

/** One level: what lies deeper stays JSON. */
function plain(object: Record<string, unknown> | null): FileMetadata['settings'] {
  return Object.entries(object ?? {})
    .slice(0, 2000)
    .map(([key, value]) => ({
      key,
      value:
        value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
          ? value
          : JSON.stringify(value),
    }));
}

/** Some files in the wild carry `0x` before the digits. */
function hexOf(text: string | undefined): string | null {
  const digits = text?.toLowerCase().replace(/^0x/, '') ?? '';
  return /^[0-9a-f]{8,64}$/.test(digits) ? digits : null;
}
