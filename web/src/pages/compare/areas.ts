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

/** `+stars −blue light` as the chips it is drawn as; null where a caption did not change by tags. */
export function tagChips(detail: string | null): { sign: '+' | '−'; tag: string }[] | null {
  if (detail === null || !/^[+−]/.test(detail)) return null;
  const chips = [...detail.matchAll(/([+−])((?:(?! [+−]).)+)/g)].map(([, sign, tag]) => ({
    sign: sign as '+' | '−',
    tag: (tag ?? '').trim(),
  }));
  return chips.length > 0 ? chips : null;
}
