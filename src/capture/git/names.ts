/**
 * Names of files are bytes. Inside this folder a name is a string of one character a byte (latin1),
 * which any bytes pass through unharmed; it becomes text only where it is shown or recorded.
 */
export type ByteName = string;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function toBytes(name: ByteName): Buffer {
  return Buffer.from(name, 'latin1');
}

export function fromText(text: string): ByteName {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** As text, or null if the bytes are not UTF-8. */
export function asText(name: ByteName): string | null {
  try {
    return utf8.decode(toBytes(name));
  } catch {
    return null;
  }
}

/** As text for the record: bytes that are not UTF-8 as `\xHH`. */
export function shownName(name: ByteName): string {
  const whole = asText(name);
  if (whole !== null) return whole;
  // Pieces of valid UTF-8, by the lead byte's length, or else single bytes.
  return name.replace(
    /[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|./gs,
    (piece) => asText(piece) ?? escaped(piece),
  );
}

function escaped(bytes: ByteName): string {
  return [...bytes].map((byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
}

/** Path of a name below a directory, for the file system. */
export function pathBelow(directory: string, name: ByteName): Buffer {
  return Buffer.concat([Buffer.from(`${directory}/`, 'utf8'), toBytes(name)]);
}

/** The names that a NUL-separated list of git holds. */
export function splitNames(output: Buffer): ByteName[] {
  const names = output.toString('latin1').split('\0');
  names.pop();
  return names;
}

/** A NUL-ended list for git to read. */
export function joinNames(names: readonly ByteName[]): Buffer {
  return toBytes(names.map((name) => `${name}\0`).join(''));
}
