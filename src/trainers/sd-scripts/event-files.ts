import { isEventFile } from '../log/event-file.ts';
import type { OutputPlan } from '../trainer.ts';
import { baseName } from '../wrappers/step.ts';

/**
 * Event files as `--logging_dir` and `--log_prefix` place them: `{prefix}{YYYYmmddHHMMSS}/{tracker}/events.out.tfevents.*`,
 * with `--log_config` `hparams.yml` and a directory of a writer of its own beside them.
 */
export function isOwnLog(path: string, { outputDir, loggingDir, logPrefix }: OutputPlan): boolean {
  if (outputDir === null || loggingDir === null) return false;
  const below = `${outputDir.replace(/\/+$/, '')}/${path}`;
  const root = `${loggingDir.replace(/\/+$/, '')}/`;
  if (!below.startsWith(root)) return false;
  const [session = '', ...rest] = below.slice(root.length).split('/');
  const prefix = logPrefix ?? '';
  if (rest.length === 0 || !session.startsWith(prefix) || !/^\d{14}$/.test(session.slice(prefix.length))) return false;
  const name = baseName(path);
  return isEventFile(name) || name === 'hparams.yml';
}
