import type { ConfigFile } from '../model/config-file.ts';
import type { Warning } from '../model/facts.ts';

/** What is wrong inside the configuration files that were read: each fault once, with what it means for the record. */
export function configFaults(read: readonly ConfigFile[]): Warning[] {
  return read.flatMap(({ role, path, format, value, error, fault }) => {
    const reader = role === 'accelerate' ? 'accelerate' : 'The trainer';
    if (fault === 'too-large') {
      const hint = `Its settings are not in this record; ${role === 'accelerate' ? reader : 'the trainer'} may use them all the same.`;
      return [{ code: 'config-too-large', message: `${path} is not understood: ${error}`, hint }];
    }
    if (fault === 'invalid') {
      const hint = `${reader} will probably refuse it too; its settings are not in this record.`;
      return [{ code: 'config-unreadable', message: `${path} could not be read as ${format}: ${error}`, hint }];
    }
    if (value === null || error === null) return [];
    const hint = `${reader} will probably refuse it.`;
    return [{ code: 'config-refused', message: `${path}: ${error}`, hint }];
  });
}
