import { configFormat, parseConfig } from '../formats/config/config-file.ts';
import type { ConfigValue, FileState } from '../model/facts.ts';
import type { ObjectStore } from '../model/ports.ts';
import { promptsOfText, promptsOfValue } from '../trainers/sd-scripts/prompts.ts';

/** Bytes of a prompts file above which it is not read. */
const longestPrompts = 1 << 20;

/** The prompts of a recorded file, by the numbers that samples bear; null where it is not kept or not understood. */
export async function readPrompts(
  file: Pick<FileState, 'path' | 'object' | 'bytes'>,
  objects: Pick<ObjectStore, 'get'>,
): Promise<Record<string, ConfigValue>[] | null> {
  if (file.object === null || (file.bytes ?? 0) > longestPrompts) return null;
  const bytes = await objects.get(file.object).catch(() => null);
  if (bytes === null) return null;
  const text = Buffer.from(bytes).toString('utf8');
  if (!/\.(?:toml|json)$/i.test(file.path)) return promptsOfText(text);
  try {
    const list = configFormat(file.path) === 'json' ? JSON.parse(text) : null;
    return promptsOfValue(list ?? (await parseConfig(bytes, { path: file.path, role: 'prompts' })).value);
  } catch {
    return null;
  }
}
