/** The changes of a comparison in the order in which a person asks for them. */
import type { Answer } from '../../../../src/api/index.ts';

export type Change = NonNullable<Answer<'diff'>['changes']>[number];

export interface ChangeGroup {
  /** `settings`: of the effective configuration, wherever it is written. */
  name: 'settings' | 'dataset' | 'prompts' | 'model' | 'code' | 'environment' | 'hardware';
  changes: { change: Change; parts: Change[] }[];
}

const names: Readonly<Record<Change['area'], ChangeGroup['name']>> = {
  arguments: 'settings',
  config: 'settings',
  dataset: 'dataset',
  prompts: 'prompts',
  model: 'model',
  code: 'code',
  script: 'code',
  environment: 'environment',
  hardware: 'hardware',
};
const order: readonly ChangeGroup['name'][] = [
  'settings',
  'dataset',
  'model',
  'code',
  'prompts',
  'environment',
  'hardware',
];

/** Of these areas what differs has names of Spoor's own; of the others those are keys and names of the user's. */
const ownNames: ReadonlySet<Change['area']> = new Set(['dataset', 'prompts', 'environment', 'hardware', 'config']);

/** What differs, in the page's language where it is no name of the user's. */
export function subjectOf(
  { area, subject, partOf }: { area: Change['area']; subject: string; partOf?: string | null },
  say: (text: string) => string,
): string {
  return ownNames.has(area) && !partOf ? say(subject) : subject;
}

/** A change that tells a part of another stands beneath that one. */
export function groupChanges(changes: readonly Change[]): ChangeGroup[] {
  return order.flatMap((name) => {
    const own = changes.filter(({ area }) => names[area] === name);
    const heads = own.filter(({ partOf }) => partOf === null || !own.some(({ subject }) => subject === partOf));
    if (heads.length === 0) return [];
    return [
      {
        name,
        changes: heads.map((change) => ({
          change,
          parts: own.filter((part) => part !== change && part.partOf === change.subject),
        })),
      },
    ];
  });
}

/** How often a tag stands in the captions, before and after. */
export interface TagCount {
  tag: string;
  before: number;
  after: number;
}

export interface TagCounts {
  counts: TagCount[];
  /** Where it is told: `in 2_kumo cat, as the models tell`; null where the captions themselves tell. */
  told: string | null;
}

/** Takes the changes that count a tag out of the others. */
export function splitTags(changes: readonly Change[]): { tags: TagCounts[]; others: Change[] } {
  const groups = new Map<string | null, TagCount[]>();
  const others: Change[] = [];
  for (const change of changes) {
    const tag = change.area === 'dataset' ? /^(?:caption term|tag) (.+)$/s.exec(change.subject)?.[1] : undefined;
    if (tag === undefined) {
      others.push(change);
      continue;
    }
    const count = (value: Change['before']) => (typeof value === 'number' ? value : 0);
    const counts = groups.get(change.detail) ?? [];
    counts.push({ tag, before: count(change.before), after: count(change.after) });
    groups.set(change.detail, counts);
  }
  return { tags: [...groups].map(([told, counts]) => ({ told, counts })), others };
}

/** `+stars −blue light` as the chips it is drawn as; null where a caption did not change by tags. */
export function tagChips(detail: string | null): { sign: '+' | '−'; tag: string }[] | null {
  if (detail === null || !/^[+−]/.test(detail)) return null;
  const chips = [...detail.matchAll(/([+−])((?:(?! [+−]).)+)/g)].map(([, sign, tag]) => ({
    sign: sign as '+' | '−',
    tag: (tag ?? '').trim(),
  }));
  return chips.length > 0 ? chips : null;
}
