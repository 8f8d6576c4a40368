import type { CheckSubject, Finding } from '../../trainer.ts';
import { type SavePlan, settingOf } from './saves.ts';

/** Whether what will be saved fits on the disk, as far as the size of one checkpoint can be told. */
export function diskChecks(subject: CheckSubject, plan: SavePlan): Finding[] {
  const { freeBytes, outputs } = subject;
  const each = checkpointBytes(subject);
  if (each === null || freeBytes === null) return [];
  const need = each * (plan.checkpoints + stateShare * plan.states);
  const states = plan.states === 0 ? '' : ` and ${plan.states} training state${plan.states === 1 ? '' : 's'}`;
  const what = `${plan.checkpoints} checkpoint${plan.checkpoints === 1 ? '' : 's'} of about ${size(each)}${states}`;
  const message = `${what} need about ${size(need)}; ${outputs.outputDir} has ${size(freeBytes)} free`;
  if (need <= freeBytes) return [{ severity: 'note', code: 'disk-needed', message, hint: null }];
  const hint = 'Make room, save less often, or let save_last_n_epochs or save_last_n_steps remove older ones.';
  return [{ severity: 'warning', code: 'disk-short', message, hint }];
}

/** A state holds weights and two moments in 32 bits: at least three times a checkpoint of 32 bits. */
const stateShare = 3;

/** Measured on an earlier run or on what stands there, else estimated. */
function checkpointBytes(subject: CheckSubject): number | null {
  const standing = subject.standing.filter(({ name }) => name.kind === 'checkpoint').map(({ bytes }) => bytes);
  return subject.checkpointBytes ?? (standing.length > 0 ? Math.max(...standing) : estimate(subject));
}

/**
 * Bytes a rank of kohya's LoRA over all its default modules, in 16 bits: by the base model's family,
 * with the text encoders and without. Published files of known rank: 151 MB at 128 (SD 1.5), 228 MB and
 * 171 MB at 32 (SDXL).
 */
const bytesPerRank: readonly [script: RegExp, module: string, whole: number, unetOnly: number][] = [
  [/^sdxl_train_network\.py$/, 'networks.lora', 7_140_000, 5_330_000],
  [/^train_network\.py$/, 'networks.lora', 1_180_000, 790_000],
];

/** Whole models that are trained are saved as large as they were loaded. */
const wholeModel = /^(?:sdxl_train|fine_tune|train_db|flux_train|sd3_train|lumina_train|anima_train)\.py$/;

function estimate(subject: CheckSubject): number | null {
  const script =
    subject.files
      .find(({ role }) => role === 'trainer')
      ?.path.split('/')
      .at(-1) ?? '';
  if (wholeModel.test(script)) return subject.files.find(({ role }) => role === 'base-model')?.bytes ?? null;
  const row = bytesPerRank.find(
    ([name, module]) => name.test(script) && settingOf(subject, 'network_module') === module,
  );
  if (row === undefined) return null;
  const [, , whole, unetOnly] = row;
  const rank = settingOf(subject, 'network_dim') ?? 4;
  const precision = settingOf(subject, 'save_precision');
  if (typeof rank !== 'number') return null;
  const half = precision === 'fp16' || precision === 'bf16';
  return rank * (settingOf(subject, 'network_train_unet_only') === true ? unetOnly : whole) * (half ? 1 : 2);
}

/** Powers of 1,000, as disks have them. */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
