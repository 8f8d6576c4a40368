import { resolve } from 'node:path';
import { type Inspected, inspectFile } from '../../tracker/inspect-file.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json.ts';
import { inspectedLines } from '../reporters/inspected.ts';

export async function inspect(
  context: Context,
  files: string[],
  options: { hashes?: true; norms?: true; all?: true; json?: true },
): Promise<number> {
  const found: Inspected[] = [];
  for (const file of files) {
    const path = resolve(context.cwd, file);
    found.push(await inspectFile(path, { hashes: options.hashes === true, norms: options.norms === true }));
  }
  if (options.json) {
    context.stdout.write(`${jsonText(found, 2)}\n`);
    return 0;
  }
  const pages = found.map((each) => inspectedLines(each, context, options.all === true).join('\n'));
  context.stdout.write(`${pages.join('\n\n')}\n`);
  return 0;
}
