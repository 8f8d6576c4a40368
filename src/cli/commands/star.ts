import { placeLabel } from '../../tracker/artefacts/sample-grid.ts';
import { starRun } from '../../tracker/artefacts/star-run.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { visible } from '../text.ts';

export async function star(
  context: Context,
  reference: string,
  step: string,
  options: { remove?: true },
): Promise<number> {
  const { recording, find } = await openSettled(context);
  const { run, place, checkpoint, kept, notKept } = await starRun(
    recording,
    await find(reference),
    step,
    !options.remove,
  );
  const names = kept.map(({ path }) => visible(path.split('/').at(-1) ?? ''));
  const copied = names.length > 0 ? `; ${names.join(', ')} is kept` : '';
  const what = options.remove ? `no star at ${placeLabel(place)}` : `★ ${placeLabel(place)}${copied}`;
  if (context.stderr.isTTY) {
    context.stderr.write(`${context.errorStyle.dim(`spoor: ${visible(run.name.full)}: ${what}`)}\n`);
  }
  if (!options.remove && !checkpoint) {
    warn(context, `there is no checkpoint at ${placeLabel(place)}: the star is on its samples`, null);
  }
  for (const { artifact, why } of notKept)
    warn(context, why ?? `${artifact.path} is gone: no copy of it is kept`, null);
  return 0;
}
