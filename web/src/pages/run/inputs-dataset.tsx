import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { addressOf, api } from '../../lib/api.ts';
import { bytes, integer } from '../../lib/format.ts';
import { shortPath } from '../../lib/paths.ts';
import { isShared } from '../../lib/site.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card, Section } from '../../ui/page.tsx';
import { NotRecorded } from '../../ui/unknown.tsx';

/** So many images and tags stand for all; the dataset has a page of its own. */
const mostImages = 12;
const mostTags = 24;

/** What it was trained on: directories, a few of the images with their captions, and the tags by how often they stand there. */
export function DatasetInput({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const { data } = useQuery(ask.dataset(run.id));
  const { data: found } = useQuery({
    queryKey: ['run', run.id, 'images', 'few'],
    queryFn: ({ signal }) => api('listImages', { run: run.id, limit: mostImages }, signal),
    enabled: data?.listed === true,
  });
  const { dataset } = run;
  const tags = data?.tags.slice(0, mostTags) ?? [];
  if (!dataset && !run.datasetTold) {
    return (
      <Section title={t('run.dataset')} id="dataset">
        <Card className="px-4 py-3 text-sm">
          <NotRecorded />
        </Card>
      </Section>
    );
  }
  return (
    <Section
      title={t('run.dataset')}
      id="dataset"
      aside={
        <Link to="/runs/$run/dataset" params={{ run: run.id }} className="hover:text-ink">
          {t('run.openDataset')}
        </Link>
      }
    >
      <Card className="divide-y divide-line">
        {dataset?.roots.map((root) => (
          <div key={root.path} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2.5 text-sm">
            <span className="min-w-0 font-mono text-xs break-all">{shortPath(root.path, 4)}</span>
            {root.repeats !== null && <Badge>{t('inputs.repeats', { count: root.repeats })}</Badge>}
            {root.classTokens && <Badge>{root.classTokens}</Badge>}
            {root.kind !== 'train' && <Badge tone="info">{root.kind}</Badge>}
          </div>
        ))}
        {dataset && (
          <div className="px-4 py-2.5 text-sm text-ink-2">
            {t('inputs.datasetCounts', {
              images: integer(dataset.images),
              captions: integer(dataset.captions),
              size: bytes(dataset.bytes),
            })}
          </div>
        )}
        {found && found.images.length > 0 && (
          <ul className="grid grid-cols-3 gap-3 px-4 py-3 sm:grid-cols-4 lg:grid-cols-6">
            {found.images.map((image) => (
              <li key={image.id} className="min-w-0">
                <div className="flex aspect-square items-center justify-center overflow-hidden rounded-lg bg-sunken text-center text-2xs text-ink-3">
                  {image.shown && !isShared ? (
                    <img
                      src={addressOf('imageThumbnail', { run: run.id, image: image.id })}
                      alt={image.path}
                      decoding="async"
                      className="size-full object-cover"
                    />
                  ) : (
                    t('dataset.notShown')
                  )}
                </div>
                <p
                  className="written mt-1 line-clamp-2 text-xs break-words text-ink-2"
                  title={image.caption ?? undefined}
                >
                  {image.caption ?? <span className="text-ink-3">{t('dataset.noCaption')}</span>}
                </p>
              </li>
            ))}
          </ul>
        )}
        {tags.length > 0 && (
          <ul aria-label={t('dataset.tags')} className="flex flex-wrap gap-1.5 px-4 py-3">
            {tags.map(({ tag, count }) => (
              <li key={tag}>
                <Badge>
                  <span className="truncate">{tag}</span> <span className="text-ink-3">{integer(count)}</span>
                </Badge>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Section>
  );
}
