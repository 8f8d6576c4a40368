/** The columns of the list of runs: those it always has, and settings as columns of their own. */
export const fixedColumns = [
  'reason',
  'tags',
  'status',
  'curve',
  'loss',
  'step',
  'stars',
  'verdict',
  'duration',
  'when',
  'host',
  'trainer',
] as const;
export type FixedColumn = (typeof fixedColumns)[number];

/** A column's name: a fixed one's, or `setting:` and a key. */
export type ColumnName = FixedColumn | `setting:${string}`;

const usual: readonly ColumnName[] = ['reason', 'tags', 'status', 'curve', 'loss', 'verdict', 'duration', 'when'];
/** So many settings that differ become columns by themselves, and so many more where there is room for everything. */
const mostByItself = 3;
const mostWide = 8;

export const settingOf = (name: ColumnName) => (name.startsWith('setting:') ? name.slice('setting:'.length) : null);

/**
 * What is shown: as chosen, else the usual ones and, behind the loss, the settings that differ most.
 *
 * @param chosen names with commas, as the address has them
 * @param differing keys of settings that differ, the most telling first
 */
export function shownColumns(chosen: string | undefined, differing: readonly string[]): ColumnName[] {
  if (chosen !== undefined) return chosen.split(',').filter(isColumn);
  const settings = differing.slice(0, mostWide).map((key) => `setting:${key}` as const);
  return usual.flatMap((name) => (name === 'loss' ? [name, ...settings] : [name]));
}

function isColumn(name: string): name is ColumnName {
  return name.startsWith('setting:') || fixedColumns.some((each) => each === name);
}

/** In rem. */
const widths: Record<FixedColumn, number> = {
  reason: 16,
  tags: 10,
  status: 9,
  curve: 7,
  loss: 4.5,
  step: 5,
  stars: 4.5,
  verdict: 5.5,
  duration: 5.5,
  when: 7,
  host: 8,
  trainer: 7,
};
const settingWidth = 6.5;
const nameWidth = 15;
const gap = 0.75;
const widthOf = (name: ColumnName) => (settingOf(name) === null ? widths[name as FixedColumn] : settingWidth);

/** What goes before any setting where there is no room for all, then what goes after them; what is shown only if chosen stays. */
const sparedFirst: readonly ColumnName[] = ['duration'];
/** Shown beside the name where they have no column of their own. */
const sparedBefore: readonly ColumnName[] = ['tags', 'reason'];
const sparedLast: readonly ColumnName[] = [
  'curve',
  'step',
  'stars',
  'verdict',
  'when',
  'trainer',
  'host',
  'loss',
  'status',
];

/**
 * Those that there is room for: settings go from the right, between the columns that tell little and those that tell most.
 *
 * @param room for the columns and the name, in rem
 */
export function fitColumns(columns: readonly ColumnName[], room: number): ColumnName[] {
  const shown = [...columns];
  const taken = () => nameWidth + shown.reduce((sum, name) => sum + widthOf(name) + gap, 0);
  const settings = () => shown.findLast((name) => settingOf(name) !== null);
  const count = () => shown.filter((name) => settingOf(name) !== null).length;
  for (const name of sparedBefore) if (taken() > room) drop(shown, name);
  for (let last = settings(); last && count() > mostByItself && taken() > room; last = settings()) drop(shown, last);
  for (const name of sparedFirst) if (taken() > room) drop(shown, name);
  for (let last = settings(); last && taken() > room; last = settings()) drop(shown, last);
  for (const name of sparedLast) if (taken() > room) drop(shown, name);
  return shown;
}

function drop(columns: ColumnName[], name: ColumnName): void {
  const at = columns.indexOf(name);
  if (at >= 0) columns.splice(at, 1);
}

/** Of the whole row, the name first; it takes what the others leave. */
export function gridTemplate(columns: readonly ColumnName[]): string {
  return ['minmax(0, 1fr)', ...columns.map((name) => `${widthOf(name)}rem`)].join(' ');
}

/** What the server sorts by, with its column, and which end of it tells most: names and losses begin with the least. */
export const sortable = [
  { by: 'started', column: 'when', first: 'greatest' },
  { by: 'name', column: 'name', first: 'least' },
  { by: 'loss', column: 'loss', first: 'least' },
  { by: 'step', column: 'step', first: 'greatest' },
  { by: 'duration', column: 'duration', first: 'greatest' },
  { by: 'stars', column: 'stars', first: 'greatest' },
  { by: 'verdict', column: 'verdict', first: 'greatest' },
] as const;

export const sortKeyOf = (name: ColumnName): string | undefined => sortable.find(({ column }) => column === name)?.by;

export const descendsFirst = (key: string) => sortable.find(({ by }) => by === key)?.first !== 'least';
