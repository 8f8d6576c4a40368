import { readFileSync } from 'node:fs';

/**
 * The bytes of those words of a command that are no UTF-8, by their place; Node has put U+FFFD into them.
 * Empty where the system does not tell them.
 *
 * @param command the last words of this process's command line
 */
export function rawArguments(command: readonly string[]): Map<number, Buffer> {
  const raw = new Map<number, Buffer>();
  if (!command.some((word) => word.includes('\ufffd'))) return raw;
  const words = commandLine();
  command.forEach((word, at) => {
    const bytes = words.at(at - command.length);
    if (bytes && bytes.toString('utf8') === word && !bytes.equals(Buffer.from(word, 'utf8'))) raw.set(at, bytes);
  });
  return raw;
}

function commandLine(): Buffer[] {
  try {
    const bytes = readFileSync('/proc/self/cmdline');
    const words: Buffer[] = [];
    for (let at = 0, end = bytes.indexOf(0); end >= 0; at = end + 1, end = bytes.indexOf(0, at)) {
      words.push(bytes.subarray(at, end));
    }
    return words;
  } catch {
    return [];
  }
}
