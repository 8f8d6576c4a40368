/** Sample prompts: a line each, options behind ` --`, in the grammar of sd-scripts. */
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} SamplePrompt
 * @property {string} prompt
 * @property {string} negative
 * @property {number} width multiple of 8
 * @property {number} height multiple of 8
 * @property {number} steps
 * @property {number} scale
 * @property {number | null} seed
 */

/**
 * @param {string} path
 * @returns {SamplePrompt[]}
 */
export function readSamplePrompts(path) {
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => parsePrompt(line.trim()));
}

/** Tried in this order on every part, the prompt itself among them. */
const patterns = /** @type {const} */ ([
  [/^w (\d+)/i, 'width'],
  [/^h (\d+)/i, 'height'],
  [/^d (\d+)/i, 'seed'],
  [/^s (\d+)/i, 'steps'],
  [/^l ([\d.]+)/i, 'scale'],
  [/^n (.+)/i, 'negative'],
]);

/**
 * @param {string} line
 * @returns {SamplePrompt}
 */
export function parsePrompt(line) {
  const parts = line.split(' --');
  /** @type {SamplePrompt} */
  const result = { prompt: parts[0] ?? '', negative: '', width: 512, height: 512, steps: 30, scale: 7.5, seed: null };
  for (const part of parts) {
    for (const [pattern, key] of patterns) {
      const value = pattern.exec(part)?.[1];
      if (value === undefined) continue;
      if (key === 'negative') result.negative = value;
      else result[key] = Number(value);
      break;
    }
  }
  result.width = Math.max(64, result.width - (result.width % 8));
  result.height = Math.max(64, result.height - (result.height % 8));
  result.steps = Math.max(1, Math.min(1000, result.steps));
  return result;
}
