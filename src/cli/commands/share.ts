import { join, resolve } from 'node:path';
import { type SharedExtra, type SharedPart, sharedExtras, sharedParts } from '../../api/shared-site.ts';
import { SpoorError } from '../../model/errors.ts';
import type { Context } from '../context.ts';
import { note, warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { packageRoot } from '../package.ts';
import { plural, size, visible } from '../text.ts';
import { examine } from './doctor.ts';
import { settingsPort } from './serve-settings.ts';

export interface ShareOptions {
  html: string;
  without?: string;
  with?: string;
  withSecrets?: true;
  json?: true;
}

/** Writes the pages of some runs as a site without a server. */
export async function share(context: Context, references: string[], options: ShareOptions): Promise<number> {
  const without = asParts<SharedPart>('--without', options.without, sharedParts);
  const extras = asParts<SharedExtra>('--with', options.with, sharedExtras);
  const { recording, find } = await openSettled(context);
  const runs = await Promise.all(references.map((reference) => find(reference)));
  const directory = resolve(context.cwd, options.html);
  const { writeSite } = await import('../../server/share/write-site.ts');
  const { userHome, cwd } = context;
  const shared = await writeSite(
    {
      recording,
      userHome,
      cwd,
      examine: () => examine(context),
      settings: settingsPort(context, () => {}),
    },
    {
      runs,
      directory,
      without,
      extras,
      withSecrets: options.withSecrets === true,
      siteDirectory: join(packageRoot, 'dist/site'),
    },
  );
  const { stdout } = context;
  if (options.json) stdout.write(`${jsonText({ directory, ...shared, without: [...without], with: [...extras] })}\n`);
  else
    stdout.write(
      `${directory}  ${plural(shared.runs.length, 'run')}, ${plural(shared.files, 'file')}, ${size(shared.bytes)}\n`,
    );
  if (shared.named.length > 0) {
    const places = shared.named.map(visible).join(', ');
    warn(context, `the name of a machine or an account stands in ${places}`, 'It is in what was written there.');
  }
  if (shared.namedAfter.length > 0) {
    const names = shared.namedAfter.map(visible).join(', ');
    warn(context, `named after what is left out: ${names}`, 'Runs and families keep their names.');
  }
  note(
    context,
    `Open ${join(directory, 'index.html')} to look at it. Send the directory, or put it on any web server.`,
  );
  return 0;
}

/** Errors: `usage`. */
function asParts<T extends string>(option: string, text: string | undefined, parts: readonly T[]): Set<T> {
  const words = (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  const unknown = words.find((word) => !(parts as readonly string[]).includes(word));
  if (unknown !== undefined) {
    const hint = `It takes, with commas between: ${parts.join(', ')}.`;
    throw new SpoorError('usage', 'unknown-part', `${option} ${unknown}: there is no such part`, hint);
  }
  return new Set(words as T[]);
}
