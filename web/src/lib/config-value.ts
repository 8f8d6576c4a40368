import type { Setting } from '../../../src/model/facts.ts';
import { value as number } from './format.ts';

export type ConfigValue = Setting['value'];

/** A setting's value in one line, as its trainer would be told it. */
export function valueText(value: ConfigValue): string {
  if (value === null) return '–';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 1e7 ? String(value) : number(value);
  if (typeof value === 'string') return value.replace(/^int:/, '');
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isRedacted(value)) return '••••••';
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  return JSON.stringify(value);
}

/** A secret: only its hash was kept. */
function isRedacted(value: ConfigValue): value is { redacted: string } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value.redacted === 'string';
}
