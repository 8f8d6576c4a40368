/** The header of a safetensors file: 8 bytes of length, then JSON; the tensors behind it are never read here. */
import { SpoorError } from '../../model/errors.ts';
import { endOfString } from '../end-of-string.ts';

/** The format's own limit is 100 MB; the largest headers in use have a few. */
const maximumHeaderBytes = 64 << 20;
/** A header is three levels deep: tensors, their fields, the shape. */
const maximumDepth = 8;
const maximumDimensions = 64;
/** A tensor has four; the largest models have a few thousand tensors. */
const maximumKeys = 400_000;

export interface TensorInfo {
  name: string;
  /** `F16`, `BF16`, `F8_E4M3`, … */
  dtype: string;
  shape: number[];
  /** Offsets into the tensor section, in bytes: begin inclusive, end exclusive. */
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  /** `__metadata__`: text by key; empty if the file has none. */
  metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  tensors: readonly TensorInfo[];
  /** Length of the JSON. The tensor section starts at `8 + headerBytes`. */
  headerBytes: number;
  /** Length of the tensor section. */
  dataBytes: number;
}

/** What is needed of an open file. */
export interface ByteReader {
  /** @returns up to `length` bytes at `position`; fewer only at the end of the file */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Bytes of the file. */
  size: number;
}

/**
 * Reads the header alone.
 * @throws SpoorError `data` with code `safetensors-truncated` while the file may still be growing, else
 *   `safetensors-malformed`; `name` names the file in them
 */
export async function readSafetensorsHeader(reader: ByteReader, name: string): Promise<SafetensorsHeader> {
  if (reader.size < 8) throw truncated(name, `it has ${reader.size} bytes`);
  const prefix = await reader.read(0, 8);
  if (prefix.byteLength < 8) throw truncated(name, 'it shrank while it was read');
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (length > maximumHeaderBytes) {
    throw malformed(name, `its header claims ${length} bytes, more than the ${maximumHeaderBytes} that are read`);
  }
  const headerBytes = Number(length);
  if (8 + headerBytes > reader.size) {
    throw truncated(name, `its header claims ${headerBytes} bytes and the file has ${reader.size}`);
  }
  const bytes = await reader.read(8, headerBytes);
  if (bytes.byteLength < headerBytes) throw truncated(name, 'it shrank while it was read');
  const dataBytes = reader.size - 8 - headerBytes;
  const { metadata, tensors } = parseHeader(bytes, name);
  checkLayout(tensors, dataBytes, name);
  return { metadata, tensors, headerBytes, dataBytes };
}

function parseHeader(bytes: Uint8Array, name: string): Pick<SafetensorsHeader, 'metadata'> & { tensors: TensorInfo[] } {
  let header: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    checkKeys(text);
    header = JSON.parse(text);
  } catch (error) {
    throw malformed(name, `its header cannot be read: ${(error as Error).message.split('\n', 1)[0]!.slice(0, 200)}`);
  }
  if (!isRecord(header)) throw malformed(name, 'its header is no JSON object');
  let metadata: Record<string, string> = {};
  const tensors: TensorInfo[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') metadata = parseMetadata(value, name);
    else tensors.push(parseTensor(key, value, name));
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  return { metadata, tensors };
}

function parseMetadata(value: unknown, name: string): Record<string, string> {
  if (!isRecord(value)) throw malformed(name, '`__metadata__` is no JSON object');
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw malformed(name, `metadata ${short(key)} is not a text`);
  }
  return value as Record<string, string>;
}

function parseTensor(key: string, value: unknown, name: string): TensorInfo {
  if (!isRecord(value)) throw malformed(name, `tensor ${short(key)} is no JSON object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || dtype.length > 32) throw malformed(name, `tensor ${short(key)} has no data type`);
  if (!isCounts(shape) || shape.length > maximumDimensions) throw malformed(name, `tensor ${short(key)} has no shape`);
  if (!isCounts(offsets) || offsets.length !== 2)
    throw malformed(name, `tensor ${short(key)} has no place in the file`);
  return { name: key, dtype, shape, begin: offsets[0]!, end: offsets[1]! };
}

/** Tensors lie one behind another; one of them beyond the end means that the file is not whole. */
function checkLayout(tensors: readonly TensorInfo[], dataBytes: number, name: string): void {
  let end = 0;
  for (const tensor of tensors) {
    const place = () => `tensor ${short(tensor.name)} at ${tensor.begin}–${tensor.end}`;
    if (tensor.end < tensor.begin) throw malformed(name, `${place()} ends before it begins`);
    if (tensor.begin < end) throw malformed(name, `${place()} overlaps the one before it`);
    const bits = bitsByType[tensor.dtype];
    const elements = tensor.shape.reduce((product, each) => product * each, 1);
    if (bits !== undefined && Math.ceil((elements * bits) / 8) !== tensor.end - tensor.begin) {
      throw malformed(name, `${place()} does not fit its shape [${tensor.shape.join(', ')}] of ${tensor.dtype}`);
    }
    end = tensor.end;
  }
  if (end > dataBytes) throw truncated(name, `its tensors need ${end} bytes and ${dataBytes} are there`);
}

const bitsByType: Readonly<Record<string, number>> = {
  __proto__: null as never,
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
};

/** Refuses what `JSON.parse` would take silently: equal keys in one object, nesting and keys without end. */
function checkKeys(text: string): void {
  const stack: (Set<string> | null)[] = [];
  let count = 0;
  const token = /["[\]{}]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '{' || match[0] === '[') {
      if (stack.length >= maximumDepth) throw new Error(`nested deeper than ${maximumDepth} levels`);
      stack.push(match[0] === '{' ? new Set() : null);
    } else if (match[0] === '"') {
      const end = endOfString(text, token.lastIndex, '"', true);
      const keys = stack.at(-1);
      token.lastIndex = end;
      if (keys && isColonNext(text, end)) {
        const written = text.slice(match.index + 1, end - 1);
        const key = written.includes('\\') ? JSON.parse(`"${written}"`) : written;
        if (++count > maximumKeys) throw new Error(`more than ${maximumKeys} keys`);
        if (keys.has(key)) throw new Error(`the key ${short(key)} stands twice`);
        keys.add(key);
      }
    } else {
      stack.pop();
    }
  }
}

function isColonNext(text: string, from: number): boolean {
  return text[from] === ':' || /^\s{1,64}:/.test(text.slice(from, from + 65));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

function short(key: string): string {
  return JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key);
}

function malformed(name: string, what: string): SpoorError {
  return new SpoorError('data', 'safetensors-malformed', `${name} is no valid safetensors file: ${what}`);
}

function truncated(name: string, what: string): SpoorError {
  const hint = 'It is incomplete: still being written, or cut off by a full disk or a broken download.';
  return new SpoorError('data', 'safetensors-truncated', `${name} is not whole: ${what}`, hint);
}
