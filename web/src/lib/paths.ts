/** The end of a path, which tells most: `…/datasets/wolf/config.toml`. */
export function shortPath(path: string, parts = 3): string {
  const all = path.split('/');
  return all.length <= parts + 1 ? path : `…/${all.slice(-parts).join('/')}`;
}

export const baseName = (path: string): string => path.split('/').findLast(Boolean) ?? path;
