import { createRequire } from 'node:module';

/** The package's version. Works from src/cli/ and from the bundle in dist/. */
export const version: string = readVersion();

function readVersion(): string {
  const require = createRequire(import.meta.url);
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const { name, version: found } = require(up) as { name?: string; version?: string };
      if (name === 'spoor' && found) return found;
    } catch {
      // Not at this distance.
    }
  }
  return 'unknown';
}
