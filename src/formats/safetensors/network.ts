/** A network's modules told from the names and shapes of its tensors. */
import type { TensorInfo } from './header.ts';

export interface NetworkBlock {
  /** `lora_unet_down_blocks_0`, `lora_te_text_model_encoder_layers_11`. */
  name: string;
  modules: number;
  tensors: number;
  parameters: number;
  /** Of its modules, ascending; empty where the shapes do not tell one. */
  ranks: number[];
  tensorNames: string[];
}

const parts =
  /\.(?:lora_(?:down|up|mid|A|B)(?:\.\w+)?(?:\.weight)?|hada_\w+|lokr_\w+|oft_\w+|dora_scale|diff(?:_b)?|magnitude\w*|alpha|on_input|scale|weight|bias|w_norm|b_norm)$|:(?:up|down)$/;
/** The first dimension of these is the rank. */
const ranked = /\.(?:lora_down(?:\.\w+)?\.weight|lora_A(?:\.\w+)?\.weight|lora_A|hada_w[12]_b|lokr_w[12]_b)$|:down$/;

/** Blocks by name, the second before the tenth. */
export function networkBlocks(tensors: readonly TensorInfo[]): NetworkBlock[] {
  const blocks = new Map<string, NetworkBlock & { found: Set<string> }>();
  for (const { name, shape } of tensors) {
    const module = name.slice(0, 1024).replace(parts, '');
    const key = blockOf(module);
    let block = blocks.get(key);
    if (!block) {
      block = { name: key, modules: 0, tensors: 0, parameters: 0, ranks: [], tensorNames: [], found: new Set() };
      blocks.set(key, block);
    }
    block.found.add(module);
    block.tensors++;
    block.parameters += elements(shape);
    block.tensorNames.push(name);
    const rank = ranked.test(name.slice(-64)) ? shape[0] : undefined;
    if (rank !== undefined && !block.ranks.includes(rank)) block.ranks.push(rank);
  }
  const named = [...blocks.values()].map((block) => ({ block, key: sortKey(block.name) }));
  named.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return named.map(({ block: { found, ...block } }) => ({
    ...block,
    modules: found.size,
    ranks: block.ranks.sort((a, b) => a - b),
  }));
}

/** Numbers in it compare as numbers. */
function sortKey(name: string): string {
  return name.replace(/\d+/g, (digits) => digits.padStart(8, '0'));
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, each) => product * each, 1);
}

/** A numbered block or layer with what stands before it; without one, the first part of the name. */
function blockOf(module: string): string {
  const numbered = /^.{0,200}?(?:blocks?|layers?)[._]\d+(?=[._]|$)/.exec(module)?.[0];
  return numbered ?? /^.{0,200}?(?:mid_block|middle_block)/.exec(module)?.[0] ?? module.split(/[.:]/, 1)[0] ?? module;
}

/** Numbers of a tensor's little-endian bytes; null for types that have no plain numbers. */
export function decodeNumbers(dtype: string, bytes: Uint8Array): Float64Array | null {
  const width = { F16: 2, BF16: 2, F32: 4, F64: 8 }[dtype];
  if (width === undefined) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(Math.floor(bytes.byteLength / width));
  const wide = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < numbers.length; i++) {
    if (dtype === 'F64') numbers[i] = view.getFloat64(i * 8, true);
    else if (dtype === 'F32') numbers[i] = view.getFloat32(i * 4, true);
    else if (dtype === 'F16') numbers[i] = half(view.getUint16(i * 2, true));
    else {
      wide.setUint32(0, view.getUint16(i * 2, true) << 16);
      numbers[i] = wide.getFloat32(0);
    }
  }
  return numbers;
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
