/** Which curves stand in one chart, and in which order charts stand. */
export interface ChartGroup {
  /** `loss`, `lr`, `machine/gpu0`. */
  name: string;
  /** Tags of one chart each. */
  charts: { title: string; tags: string[] }[];
}

const order = ['loss', 'lr', 'norm', 'max_norm', 'machine'];

/**
 * Learning rates share a chart; `lr/group{i}` repeats the named ones and is left out where those are there. The GPUs' load
 * shares one, and so their memory and how much of it there is; all else has a chart of its own.
 */
export function chartGroups(tags: readonly string[]): ChartGroup[] {
  const named = tags.some((tag) => /^lr\/(?!group\d)/.test(tag));
  const groups = new Map<string, Map<string, string[]>>();
  for (const tag of tags) {
    if (named && /^lr\/group\d+$/.test(tag)) continue;
    const [group, chart] = placeOf(tag);
    const charts = groups.get(group) ?? new Map<string, string[]>();
    charts.set(chart, [...(charts.get(chart) ?? []), tag]);
    groups.set(group, charts);
  }
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length - 1.5);
  return [...groups]
    .map(([name, charts]) => ({ name, charts: [...charts].map(([title, tags]) => ({ title, tags })) }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function placeOf(tag: string): [group: string, chart: string] {
  const machine = /^machine\/(?:gpu\d+\/)?(.+)$/.exec(tag);
  // How much there is stands beside how much is used.
  const measure = machine?.[1]?.replace(/^memory-total$/, 'memory');
  if (measure) return ['machine', /^machine\/gpu/.test(tag) ? `GPU ${measure}` : measure];
  const [group = tag, ...rest] = tag.split('/');
  if (rest.length === 0) return [group, tag];
  return group === 'lr' ? ['lr', 'lr'] : [group, tag];
}
