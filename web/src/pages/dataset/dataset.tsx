import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Images, X } from 'lucide-react';
import { useCallback, useDeferredValue, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatasetImage } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { addressOf, api } from '../../lib/api.ts';
import { integer } from '../../lib/format.ts';
import { baseName } from '../../lib/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { SearchField } from '../../ui/input.tsx';
import { Empty, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { usePrevious } from '../run/previous.ts';
import { ImageDialog } from './image-dialog.tsx';

const route = getRouteApi('/runs/$run/dataset');
const tagsAtFirst = 40;

/** What a run was trained on: its images with their captions, found by words and tags. */
export default function Dataset() {
  const { t } = useTranslation();
  const { run } = route.useParams();
  const { q = '', tag, since, changed = false, at } = route.useSearch();
  const navigate = useNavigate({ from: '/runs/$run/dataset' });
  const record = useQuery(ask.run(run)).data;
  const { data: dataset, error, refetch } = useQuery(ask.dataset(run));
  const previous = usePrevious(run);
  useTitle(record ? `${t('run.dataset')}: ${record.name.full}` : t('run.dataset'));
  const [text, setText] = useState(q);
  const wanted = useDeferredValue(text.trim());
  const search = (change: object) =>
    void navigate({ search: (before) => ({ ...before, ...change }) as never, replace: true });
  const images = useInfiniteQuery({
    queryKey: ['run', run, 'images', wanted, tag, since, changed],
    queryFn: ({ pageParam, signal }) =>
      api(
        'listImages',
        {
          run,
          limit: 120,
          changed,
          ...(wanted === '' ? {} : { text: wanted }),
          ...(tag ? { tag } : {}),
          ...(since ? { since } : {}),
          ...(pageParam === null ? {} : { after: pageParam }),
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: dataset?.listed === true,
  });
  const all = images.data?.pages.flatMap((page) => page.images) ?? [];
  const opened = all.find(({ id }) => id === at) ?? null;
  return (
    <Page
      wide
      title={t('run.dataset')}
      lead={
        record && (
          <Link
            to="/runs/$run"
            params={{ run }}
            className="underline decoration-line-strong underline-offset-2 hover:text-ink"
          >
            {record.name.full}
          </Link>
        )
      }
      actions={
        previous && (
          <Button
            pressed={since === previous.id}
            onClick={() =>
              search(
                since === previous.id
                  ? { since: undefined, changed: undefined }
                  : { since: previous.id, changed: true },
              )
            }
          >
            {t('dataset.since', { name: previous.name })}
          </Button>
        )
      }
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !dataset ? (
        <Skeleton className="h-96" />
      ) : !dataset.listed ? (
        <Empty icon={<Images />} title={t('dataset.unknown')}>
          {t('dataset.unknownHint')}
        </Empty>
      ) : (
        <div className="grid gap-6 lg:grid-cols-[15rem_minmax(0,1fr)]">
          <Tags
            tags={dataset.tags}
            chosen={tag}
            onChoose={(next) => search({ tag: next === tag ? undefined : next })}
          />
          <div className="min-w-0">
            <div className="mb-4 flex flex-wrap items-center gap-3">
              <SearchField
                label={t('dataset.search')}
                value={text}
                onChange={(event) => setText(event.target.value)}
                onBlur={() => search({ q: wanted || undefined })}
                className="w-72"
              />
              {tag && (
                <Button look="quiet" onClick={() => search({ tag: undefined })}>
                  {tag}
                  <X className="size-3.5" aria-hidden />
                </Button>
              )}
              <span className="text-sm text-ink-3" aria-live="polite">
                {images.data &&
                  t('dataset.count', {
                    count: images.data.pages[0]?.total ?? 0,
                    shown: integer(images.data.pages[0]?.total ?? 0),
                  })}
              </span>
            </div>
            {images.data && all.length === 0 ? (
              <Empty icon={<Images />} title={t(changed ? 'dataset.noChange' : 'dataset.noneMatch')} />
            ) : (
              <ul className="grid gap-3 [grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr))]">
                {all.map((image) => (
                  <li key={image.id} className="min-w-0 [content-visibility:auto] [contain-intrinsic-size:auto_13rem]">
                    <Tile run={run} image={image} onOpen={() => search({ at: image.id })} />
                  </li>
                ))}
              </ul>
            )}
            <More
              enabled={images.hasNextPage && !images.isFetchingNextPage}
              onMore={() => void images.fetchNextPage()}
            />
          </div>
        </div>
      )}
      {opened && <ImageDialog run={run} image={opened} onClose={() => search({ at: undefined })} />}
    </Page>
  );
}

function Tags({
  tags,
  chosen,
  onChoose,
}: {
  tags: readonly { tag: string; count: number }[];
  chosen: string | undefined;
  onChoose: (tag: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [all, setAll] = useState(false);
  const found = tags.filter(({ tag }) => tag.toLowerCase().includes(text.toLowerCase()));
  const shown = all ? found : found.slice(0, tagsAtFirst);
  const most = tags[0]?.count ?? 1;
  return (
    <aside aria-label={t('dataset.tags')}>
      <SearchField
        label={t('dataset.findTag')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="mb-2"
      />
      <ul className="max-lg:flex max-lg:flex-wrap max-lg:gap-1.5">
        {shown.map(({ tag, count }) => (
          <li key={tag}>
            <button
              type="button"
              aria-pressed={tag === chosen}
              onClick={() => onChoose(tag)}
              className={classes(
                'relative flex min-h-[26px] w-full items-center justify-between gap-2 overflow-hidden rounded-md px-2 py-1 text-left text-xs',
                tag === chosen ? 'bg-accent-soft text-accent' : 'hover:bg-sunken max-lg:bg-sunken',
              )}
            >
              <span
                aria-hidden
                className="absolute inset-y-1 left-0 rounded-r bg-accent/12 max-lg:hidden"
                style={{ width: `${(count / most) * 100}%` }}
              />
              <span className="relative truncate">{tag}</span>
              <span className="relative text-ink-3 tabular-nums">{integer(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length > shown.length && (
        <button type="button" onClick={() => setAll(true)} className="mt-2 px-2 text-xs text-accent hover:underline">
          {t('dataset.moreTags', { count: found.length - shown.length })}
        </button>
      )}
    </aside>
  );
}

const changeTones = { added: 'good', removed: 'bad', changed: 'warn', caption: 'info' } as const;

function Tile({ run, image, onOpen }: { run: string; image: DatasetImage; onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" onClick={onOpen} className="block w-full text-left">
      <span className="flex aspect-square items-center justify-center overflow-hidden rounded-lg bg-sunken">
        {image.shown ? (
          <img
            src={addressOf('imageThumbnail', { run, image: image.id })}
            alt={image.caption ?? image.path}
            loading="lazy"
            decoding="async"
            className={classes('size-full object-contain', image.change === 'removed' && 'opacity-40')}
          />
        ) : (
          <span className="px-2 text-center text-2xs text-ink-3">{t('dataset.notShown')}</span>
        )}
      </span>
      <span className="mt-1 flex items-center gap-1.5">
        {image.change && <Badge tone={changeTones[image.change]}>{t(`dataset.change.${image.change}`)}</Badge>}
        <span className="truncate text-2xs text-ink-3">{baseName(image.path)}</span>
      </span>
      <span className="line-clamp-2 text-xs text-ink-2">{image.caption ?? t('dataset.noCaption')}</span>
    </button>
  );
}

/** Comes into view where there is more to be had. */
function More({ enabled, onMore }: { enabled: boolean; onMore: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  latest.current = onMore;
  const look = useCallback((entries: IntersectionObserverEntry[]) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) latest.current();
  }, []);
  useEffect(() => {
    if (!enabled || !place.current) return;
    const observer = new IntersectionObserver(look, { rootMargin: '800px' });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [enabled, look]);
  return <div ref={place} className="h-8" />;
}
