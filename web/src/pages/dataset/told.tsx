import { Images } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { integer } from '../../lib/format.ts';
import { Card, Empty, Section } from '../../ui/page.tsx';

type Told = NonNullable<Answer<'readDataset'>['told']>;

const mostTags = 400;

/** A dataset whose files are not known: that is said, and what the model itself tells of it. */
export function Unknown({ told }: { told: Told | null }) {
  const { t } = useTranslation();
  return (
    <>
      <Empty icon={<Images />} title={t('dataset.unknown')}>
        {t('dataset.unknownHint')}
      </Empty>
      {told && told.folders.length > 0 && (
        <div className="mt-8">
          <Section title={t('dataset.told')} id="told" aside={told.by}>
            <div className="space-y-3">
              {told.folders.map((folder) => (
                <Card key={folder.name} className="p-4">
                  <h3 className="flex flex-wrap items-baseline gap-x-3 font-mono text-xs font-medium">
                    {folder.name}
                    <span className="font-sans font-normal text-ink-3">
                      {[
                        folder.images !== null &&
                          t('dataset.count', { count: folder.images, shown: integer(folder.images) }),
                        folder.repeats !== null && t('inputs.repeats', { count: folder.repeats }),
                      ]
                        .filter(Boolean)
                        .join(' ')}
                    </span>
                  </h3>
                  {folder.tags && <TagList tags={folder.tags} />}
                </Card>
              ))}
            </div>
          </Section>
        </div>
      )}
    </>
  );
}

function TagList({ tags }: { tags: Record<string, number> }) {
  const { t } = useTranslation();
  const sorted = Object.entries(tags).sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return (
    <ul className="mt-2.5 flex flex-wrap gap-1.5 text-xs" aria-label={t('dataset.tags')}>
      {sorted.slice(0, mostTags).map(([tag, count]) => (
        <li key={tag} className="rounded-full bg-sunken px-2 py-0.5">
          {tag} <span className="text-ink-3 tabular-nums">{integer(count)}</span>
        </li>
      ))}
      {sorted.length > mostTags && (
        <li className="px-2 py-0.5 text-ink-3">{t('dataset.moreTags', { count: sorted.length - mostTags })}</li>
      )}
    </ul>
  );
}
