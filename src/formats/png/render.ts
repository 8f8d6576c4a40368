/** What A1111 (and Forge) or ComfyUI wrote into a render of its LoRAs. */

export interface UsedLora {
  /** As the prompt or the node has it, without directory and ending. */
  name: string;
  weight: number | null;
  /** Lower-case hex digits, 8 to 64 of them: a beginning of the file's SHA-256 or of its tensors'. */
  hash: string | null;
}

export interface Render {
  by: 'a1111' | 'comfyui';
  loras: UsedLora[];
}

const mostLoras = 200;

/** Null where the texts tell of no render. @param texts of the PNG, by keyword */
export function renderOf(texts: Readonly<Record<string, string>>): Render | null {
  const { parameters, prompt, workflow } = texts;
  if (parameters !== undefined && /(?:^|\n)Steps: \d/.test(parameters)) {
    return { by: 'a1111', loras: fromParameters(parameters) };
  }
  const graph = asObject(prompt);
  if (graph) return { by: 'comfyui', loras: unique(Object.values(graph).flatMap(fromNode)) };
  const nodes = asObject(workflow)?.nodes;
  if (Array.isArray(nodes)) return { by: 'comfyui', loras: unique(nodes.flatMap(fromDrawnNode)) };
  return null;
}

/** `<lora:name:0.8>` in the prompt; `Lora hashes: "name: 12 digits, …"` or `Hashes: {"lora:name": "…"}` below it. */
function fromParameters(text: string): UsedLora[] {
  const hashes = new Map<string, string>();
  const listed = /\bLora hashes: "([^"]{0,20000})"/.exec(text)?.[1] ?? '';
  for (const [, name = '', hash = ''] of listed.matchAll(/([^,:][^:,]{0,255}):\s{0,4}([0-9a-fA-Fx]{8,66})/g)) {
    hashes.set(name.trim(), hash);
  }
  const json = asObject(/\bHashes: (\{[^{}]{0,20000}\})/.exec(text)?.[1]);
  for (const [key, hash] of Object.entries(json ?? {})) {
    const name = /^lora:(.+)$/s.exec(key)?.[1];
    if (name !== undefined && typeof hash === 'string' && !hashes.has(name)) hashes.set(name, hash);
  }
  const loras: UsedLora[] = [];
  for (const [, name = '', weight] of text.matchAll(
    /<(?:lora|lyco):([^:<>]{1,255})(?::([-+.\d]{1,20}))?[^<>]{0,255}>/g,
  )) {
    loras.push({ name: stem(name), weight: numberOf(weight), hash: hashOf(hashes.get(name)) });
  }
  const named = new Set(loras.map(({ name }) => name));
  for (const [name, hash] of hashes) {
    if (!named.has(stem(name))) loras.push({ name: stem(name), weight: null, hash: hashOf(hash) });
  }
  return unique(loras);
}

/** A node as it was executed: `lora_name` of the loaders, and lists of `{on, lora, strength}` as some extensions keep them. */
function fromNode(node: unknown): UsedLora[] {
  const inputs = record(record(node)?.inputs);
  if (!inputs) return [];
  const found: UsedLora[] = [];
  if (typeof inputs.lora_name === 'string') {
    found.push({ name: stem(inputs.lora_name), weight: numberOf(inputs.strength_model), hash: null });
  }
  for (const value of Object.values(inputs)) {
    const entry = record(value);
    if (typeof entry?.lora === 'string' && entry.on !== false) {
      found.push({ name: stem(entry.lora), weight: numberOf(entry.strength), hash: null });
    }
  }
  return found;
}

/** A node as it stands in the editor; 2 is muted, 4 bypassed. */
function fromDrawnNode(node: unknown): UsedLora[] {
  const { type, mode, widgets_values: values } = record(node) ?? {};
  if (typeof type !== 'string' || !/lora/i.test(type) || mode === 2 || mode === 4 || !Array.isArray(values)) return [];
  const at = values.findIndex((value) => typeof value === 'string' && /\.(?:safetensors|pt|ckpt)$/i.test(value));
  return at < 0 ? [] : [{ name: stem(values[at]), weight: numberOf(values[at + 1]), hash: null }];
}

function unique(loras: readonly UsedLora[]): UsedLora[] {
  const byName = new Map<string, UsedLora>();
  for (const each of loras) if (!byName.has(each.name) && byName.size < mostLoras) byName.set(each.name, each);
  return [...byName.values()].filter(({ name }) => name !== '' && name !== 'None');
}

function stem(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.(?:safetensors|pt|ckpt)$/i, '').slice(0, 255);
}

function hashOf(text: string | undefined): string | null {
  const digits = text?.toLowerCase().replace(/^0x/, '') ?? '';
  return /^[0-9a-f]{8,64}$/.test(digits) ? digits : null;
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Python writes NaN, which is no JSON. */
function asObject(text: string | undefined): Record<string, unknown> | null {
  if (text === undefined) return null;
  for (const candidate of [text, text.replace(/([[:,]\s{0,8})(?:NaN|-?Infinity)\b/g, '$1null')]) {
    try {
      return record(JSON.parse(candidate));
    } catch {}
  }
  return null;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
