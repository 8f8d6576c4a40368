/** PEP 503. */
export function normalised(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Name and version stand at the head; a file without them there (binary, cut off) tells nothing. */
export function nameAndVersion(metadata: string | null): { name: string | null; version: string | null } {
  const head = metadata?.split(/\r?\n\r?\n/, 1)[0] ?? '';
  return {
    name: /^Name:[ \t]*([A-Za-z0-9][A-Za-z0-9._-]{0,199})[ \t]*\r?$/m.exec(head)?.[1] ?? null,
    version: /^Version:[ \t]*([A-Za-z0-9][A-Za-z0-9._+!-]{0,199})[ \t]*\r?$/m.exec(head)?.[1] ?? null,
  };
}
