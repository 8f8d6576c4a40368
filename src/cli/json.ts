/**
 * JSON whose text is safe on a terminal: characters that it would obey or hide (C1 controls, bidirectional
 * overrides) are escaped as JSON escapes the others. A reader gets the same value.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
