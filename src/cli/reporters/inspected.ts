import { byKey } from '../../diff/importance.ts';
import type { ConfigValue } from '../../model/facts.ts';
import type { ClaimState, Inspected, InspectedBlock, InspectedModel } from '../../tracker/inspect-file.ts';
import type { FileMetadata } from '../../trainers/metadata/metadata.ts';
import type { Context } from '../context.ts';
import { grouped, number, plural, shortPath, size, truncate, visible, wrap } from '../text.ts';
import { type Column, tableLines } from './table.ts';

const fewBlocks = 12;
const fewTags = 20;
const longestText = 2000;

type Surroundings = Pick<Context, 'style' | 'columns' | 'userHome'>;

/** What `spoor inspect` prints of one file. */
export function inspectedLines(file: Inspected, context: Surroundings, all: boolean): string[] {
  const { style } = context;
  const lines = [`${style.bold(shortPath(file.path, context.userHome))}  ${size(file.bytes)}`];
  if (file.format === 'safetensors') lines.push(...modelLines(file, context, all));
  else if ('texts' in file) lines.push(...imageLines(file, context, all));
  else if (file.format === 'pickle') {
    lines.push('A pickle: never opened as such, since that executes what it says. Its hashes: spoor inspect --hashes');
  } else lines.push('Neither safetensors nor PNG, JPEG or WebP: only its hashes can be told.');
  if (file.hashes) {
    const { sha256, autoV2, autoV3, tensorSha256, sshsLegacyHash, legacyHash } = file.hashes;
    const rows = {
      'SHA-256': sha256,
      AutoV2: autoV2,
      sshs_model_hash: tensorSha256,
      AutoV3: autoV3,
      sshs_legacy_hash: sshsLegacyHash,
      A1111: legacyHash,
    };
    lines.push('', style.dim('Hashes'), ...pairs(Object.entries(rows), context));
  }
  return lines;
}

function modelLines(model: InspectedModel, context: Surroundings, all: boolean): string[] {
  const { style } = context;
  const types = Object.entries(model.dtypes).map(([type, count]) => `${count} ${visible(type)}`);
  const lines = [
    `${plural(model.tensors, 'tensor')}${types.length > 0 ? ` (${types.join(', ')})` : ''}, ${plural(model.parameters, 'parameter')}, header ${size(model.headerBytes)}`,
  ];
  const shown = all ? model.blocks : model.blocks.slice(0, fewBlocks);
  const columns: Column<InspectedBlock>[] = [
    { title: 'BLOCK', text: ({ name }) => visible(name), least: 16, cut: 'middle' },
    { title: 'MODULES', text: ({ modules }) => String(modules), align: 'right', spare: 2 },
    { title: 'RANK', text: ({ ranks }) => range(ranks), align: 'right' },
    { title: 'ALPHA', text: ({ alphas }) => range(alphas), align: 'right' },
    { title: 'PARAMETERS', text: ({ parameters }) => grouped(parameters), align: 'right', spare: 3 },
    { title: 'NORM', text: ({ norm }) => (norm === null ? '' : number(Number(norm.toPrecision(4)))), align: 'right' },
  ];
  lines.push('', ...tableLines(columns, shown, context.columns, style.dim));
  if (shown.length < model.blocks.length)
    lines.push(style.dim(`${model.blocks.length - shown.length} more; --all shows them`));
  if (Object.keys(model.raw).length === 0) return [...lines, '', 'The header holds no metadata.'];
  const told = metadataLines(model.metadata, model.claims, context, all);
  if (told.length > 0) lines.push('', style.dim('What the header tells'), ...told);
  else if (!all)
    lines.push('', `${plural(Object.keys(model.raw).length, 'text')} of no known trainer; --all shows them`);
  if (all) {
    const texts = Object.entries(model.raw).map(([key, text]): [string, string] => [visible(key), text]);
    lines.push('', style.dim('Texts of the header'), ...pairs(texts, context));
  }
  return lines;
}

function claimText(state: ClaimState): string {
  if (state === 'verified') return 'verified against the bytes';
  if (state === 'contradicted') return 'not the hash of these bytes: the file was changed after it was saved';
  if (state === 'unverifiable') return 'cannot be verified: LyCORIS hashes in an order that the file does not keep';
  return 'not checked; --hashes does';
}

function imageLines(file: Extract<Inspected, { texts: object }>, context: Surroundings, all: boolean): string[] {
  const { style } = context;
  const lines: string[] = [];
  if (file.render) {
    lines.push(
      `A render of ${file.render.by === 'a1111' ? 'A1111' : 'ComfyUI'} with ${plural(file.render.loras.length, 'LoRA')}`,
    );
    for (const { name, weight, hash } of file.render.loras) {
      lines.push(`  ${visible(name)}${weight === null ? '' : ` at ${weight}`}${hash ? style.dim(`  ${hash}`) : ''}`);
    }
  }
  const texts = Object.entries(file.texts).map(([key, text]): [string, string] => [
    visible(key),
    all ? text : truncate(visible(text), 300),
  ]);
  if (texts.length === 0) return [...lines, 'A PNG without texts.'];
  return [...lines, ...pairs(texts, context)];
}

/** Metadata of whichever trainer, readable. */
export function metadataLines(
  told: FileMetadata,
  claims: InspectedModel['claims'],
  context: Surroundings,
  all: boolean,
): string[] {
  const images = told.folders.map(
    (folder) => `${folder.name} (${folder.images ?? '?'} images × ${folder.repeats ?? '?'})`,
  );
  const buckets = told.buckets.map(({ width, height, count }) => `${width}×${height}: ${count}`);
  const tags = (all ? told.tags : told.tags.slice(0, fewTags)).map(({ tag, count }) => `${tag} ${count}`);
  const more = told.tags.length - tags.length;
  const rows: [string, string | null][] = [
    ['written by', told.writer],
    ['title', told.title],
    ['comment', told.comment],
    ['step', told.step === null ? null : String(told.step)],
    ['epoch', told.epoch === null ? null : String(told.epoch)],
    ['session', told.session.id],
    ['began', told.session.startedAt],
    ['ended', told.session.finishedAt],
    ['base model', told.base.name],
    ['base version', told.base.version],
    ['base SHA-256', told.base.sha256],
    ['trainer commit', told.commit],
    ['dataset', images.join(', ')],
    ['buckets', buckets.join(', ')],
    ['sshs_model_hash', claims.modelHash && claimText(claims.modelHash)],
    ['sshs_legacy_hash', claims.legacyHash && claimText(claims.legacyHash)],
    ['hash_sha256', claims.sha256 && claimText(claims.sha256)],
    ['tags', tags.join(', ') + (more > 0 ? `, ${more} more` : '')],
    ...(all
      ? Object.entries(told.modelspec).map(([key, value]): [string, string] => [`modelspec.${visible(key)}`, value])
      : []),
  ];
  return [...pairs(rows, context), ...settingLines(told, context, all)];
}

/** Those first that people look for; defaults are counted. */
function settingLines({ settings, defaults }: FileMetadata, context: Surroundings, all: boolean): string[] {
  const { style } = context;
  const usual = new Set(defaults);
  const shown = settings.filter(({ key }) => all || !(usual.has(key) || saidAbove.has(key)));
  if (shown.length === 0) return [];
  const sorted = shown.toSorted((a, b) => byKey(a.key, b.key));
  const folded = usual.size > 0 && !all ? [style.dim(`  and ${usual.size} that are defaults; --all shows them`)] : [];
  const rows = sorted.map(({ key, value }): [string, string] => [visible(key), settingText(key, value)]);
  return ['', style.dim('Arguments, as far as the header tells'), ...pairs(rows, context), ...folded];
}

const saidAbove = new Set(['output_name', 'training_comment', 'pretrained_model_name_or_path']);

function settingText(key: string, value: ConfigValue): string {
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return value.map((each) => settingText(key, each)).join('  ');
  if (typeof value !== 'string') return JSON.stringify(value);
  // A class by its own name.
  return key === 'optimizer_type' ? value.replace(/^(?:\w+\.)+(?=\w+$)/, '') : value;
}

function pairs(rows: readonly (readonly [string, string | null])[], { style, columns }: Surroundings): string[] {
  const known = rows.filter((row): row is [string, string] => row[1] !== null && row[1] !== '');
  const width = Math.min(24, Math.max(0, ...known.map(([key]) => key.length)));
  return known.flatMap(([key, value]) => {
    const [first = '', ...rest] = wrap(visible(value.slice(0, longestText)), Math.max(20, columns - width - 4));
    return [`  ${style.dim(key.padEnd(width))}  ${first}`, ...rest.map((line) => `${' '.repeat(width + 4)}${line}`)];
  });
}

function range(values: readonly number[]): string {
  const [low] = values;
  const high = values.at(-1);
  if (low === undefined || high === undefined) return '';
  return low === high ? number(low) : `${number(low)}–${number(high)}`;
}
