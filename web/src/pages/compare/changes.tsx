import { ChevronRight, Equal } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { classes } from '../../ui/classes.ts';
import { Card, Empty, Section } from '../../ui/page.tsx';
import { type ChangeGroup, groupChanges, splitTags } from './areas.ts';
import { Row, Tags } from './change-row.tsx';
import { useShared } from './state.ts';

/** What changed from the one run to the other; what cannot change the result is folded, never left out. */
export default function Changes({ diff }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  const changes = diff.changes ?? [];
  const effective = useMemo(() => groupChanges(changes.filter((each) => each.effective)), [changes]);
  const without = useMemo(() => groupChanges(changes.filter((each) => !each.effective)), [changes]);
  const count = without.reduce((sum, group) => sum + group.changes.length, 0);
  return (
    <>
      {effective.length === 0 ? (
        <Empty icon={<Equal />} title={t('compare.same')}>
          {t(count > 0 ? 'compare.sameButFor' : 'compare.sameHint')}
        </Empty>
      ) : (
        effective.map((group) => <Group key={group.name} group={group} />)
      )}
      {count > 0 && <WithoutEffect groups={without} count={count} />}
    </>
  );
}

function WithoutEffect({ groups, count }: { groups: ChangeGroup[]; count: number }) {
  const { t } = useTranslation();
  const { all, change } = useShared();
  return (
    <div className="mt-8">
      <button
        type="button"
        aria-expanded={all}
        onClick={() => change({ all: !all || undefined })}
        className="mb-3 inline-flex min-h-6 items-center gap-1.5 text-sm text-ink-2 hover:text-ink"
      >
        <ChevronRight className={classes('size-4 transition-transform', all && 'rotate-90')} aria-hidden />
        {t('compare.withoutEffect', { count })}
      </button>
      {all && groups.map((group) => <Group key={group.name} group={group} faded />)}
    </div>
  );
}

function Group({ group, faded = false }: { group: ChangeGroup; faded?: boolean }) {
  const { t } = useTranslation();
  const { tags, others } = splitTags(group.changes.map(({ change }) => change));
  return (
    <Section title={t(`area.${group.name}`)} id={`${faded ? 'same' : 'changed'}-${group.name}`}>
      <Card className="divide-y divide-line">
        {group.changes
          .filter(({ change }) => others.includes(change))
          .map(({ change, parts }) => (
            <Row key={`${change.area} ${change.subject} ${change.partOf}`} change={change} parts={parts} />
          ))}
        {tags.map((each) => (
          <Tags key={each.told} tags={each} />
        ))}
      </Card>
    </Section>
  );
}
