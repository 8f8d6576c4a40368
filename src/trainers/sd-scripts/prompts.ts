/** The grammar of sd-scripts' sample prompts: fields by the names that its samplers use. */
import type { ConfigValue } from '../../model/facts.ts';

type Prompt = Record<string, ConfigValue>;

/** What a part behind ` --` sets, tried in this order; a number, or text. */
const options: readonly [pattern: RegExp, field: string, isNumber: boolean][] = [
  [/^w (\d+)/i, 'width', true],
  [/^h (\d+)/i, 'height', true],
  [/^d (\d+)/i, 'seed', true],
  [/^s (\d+)/i, 'sample_steps', true],
  [/^l ([\d.]+)/i, 'scale', true],
  [/^g ([\d.]+)/i, 'guidance_scale', true],
  [/^n (.+)/i, 'negative_prompt', false],
  [/^ss (.+)/i, 'sample_sampler', false],
  [/^cn (.+)/i, 'controlnet_image', false],
  [/^ctr (.+)/i, 'cfg_trunc_ratio', true],
  [/^rcfg (.+)/i, 'renorm_cfg', true],
  [/^fs (\d+)/i, 'flow_shift', true],
];

/** A `.txt` file: a prompt a line, but for lines that begin with `#`. */
export function promptsOfText(text: string): Prompt[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map(promptOfLine);
}

function promptOfLine(line: string): Prompt {
  const parts = line.trim().split(' --');
  const prompt: Prompt = { prompt: (parts[0] ?? '').trim() };
  // The prompt itself is tried too, as the trainer does.
  for (const part of parts) {
    for (const [pattern, field, isNumber] of options) {
      const value = pattern.exec(part.trim())?.[1];
      if (value === undefined) continue;
      prompt[field] = isNumber && Number.isFinite(Number(value)) ? Number(value) : value.trim();
      break;
    }
  }
  return prompt;
}

/**
 * A `.toml` file (`[prompt]` with what all share, `[[prompt.subset]]`) or a `.json` one (a list of
 * lines and tables), parsed; null for anything else.
 */
export function promptsOfValue(value: ConfigValue): Prompt[] | null {
  if (Array.isArray(value)) {
    return value.flatMap((each): Prompt[] =>
      typeof each === 'string' ? [promptOfLine(each)] : isTable(each) ? [each] : [],
    );
  }
  const shared = (value as Prompt | null)?.prompt;
  if (!isTable(shared)) return null;
  const { subset, ...common } = shared as Prompt;
  if (!Array.isArray(subset)) return null;
  return subset.filter(isTable).map((each) => ({ ...common, ...each }));
}

function isTable(value: ConfigValue | undefined): value is Prompt {
  return value != null && typeof value === 'object' && !Array.isArray(value);
}
