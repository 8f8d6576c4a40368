import { SpoorError } from '../../model/errors.ts';

/** `--map OLD=NEW`: what lay below OLD lies below NEW now. */
export interface Relocation {
  from: string;
  to: string;
}

/** @param resolve makes a path of this machine absolute. Errors: `bad-map` */
export function parseRelocation(text: string, resolve: (path: string) => string): Relocation {
  const at = text.indexOf('=');
  const from = text.slice(0, at).replace(/[\\/]+$/, '');
  if (at > 0 && from !== '' && at < text.length - 1) return { from, to: resolve(text.slice(at + 1)) };
  const hint = 'For example --map /home/lab/data=~/data: the path then, an equals sign, the path now.';
  throw new SpoorError('usage', 'bad-map', `--map ${text} is no OLD=NEW`, hint);
}

/** Where a path lies now; the longest OLD that fits counts. Null where none fits. */
export function relocate(path: string, map: readonly Relocation[]): string | null {
  const plain = path.replaceAll('\\', '/');
  const fitting = map.filter(({ from }) => {
    const old = from.replaceAll('\\', '/');
    return plain === old || plain.startsWith(`${old}/`);
  });
  const [best] = fitting.sort((a, b) => b.from.length - a.from.length);
  return best === undefined ? null : best.to + plain.slice(best.from.length);
}
