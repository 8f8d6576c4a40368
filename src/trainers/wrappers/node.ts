import { scanOptions } from './options.ts';
import type { SeeThrough } from './step.ts';

/** `node train_network.mjs`: the bundled demonstration's trainer runs so. */
export const node: SeeThrough = (args, _path, _program) => {
  const values = ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions'];
  const flags = args
    .filter((word) => word.startsWith('--') && word !== '--')
    .map((word) => word.replace(/=.*$/s, ''))
    .filter((word) => !values.includes(word));
  const scanned = scanOptions(args, { values, optional: flags });
  const [script, ...rest] = scanned?.rest ?? [];
  return script === undefined ? null : { kind: 'trainer', script, module: null, arguments: rest };
};
