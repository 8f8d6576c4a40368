import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router';
import { ChevronDown, Images, X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { useActions } from '../../lib/actions.ts';
import { useDraft } from '../../lib/draft.ts';
import { integer } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SearchField } from '../../ui/input.tsx';
import { Empty, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { ImageDialog } from './image-dialog.tsx';
import { ImageGrid } from './image-grid.tsx';
import { Since } from './since.tsx';
import { SinceMenu } from './since-menu.tsx';
import { Tags } from './tags.tsx';
import { Unknown } from './told.tsx';
import { useImages, type Wanted } from './use-images.ts';

const route = getRouteApi('/runs/$run/dataset');
const kinds = ['added', 'removed', 'changed', 'caption'] as const;

/** What a run was trained on: its images with their captions, found by words and tags. */
export default function Dataset() {
  const { t } = useTranslation();
  const { run } = route.useParams();
  const written = route.useSearch();
  const navigate = useNavigate({ from: '/runs/$run/dataset' });
  const [search, change] = useDraft(written, (next) => {
    void navigate({ search: (before) => ({ ...before, ...next }) as never, replace: true, resetScroll: false });
  });
  const { q = '', since, at } = search;
  const tag = search.tag ?? [];
  const not = search.not ?? [];
  const record = useQuery(ask.run(run)).data;
  const former = useQuery({ ...ask.run(since ?? ''), enabled: since !== undefined }).data;
  const { data: dataset, error, refetch } = useQuery(ask.dataset(run));
  useTitle(record ? `${t('run.dataset')}: ${record.name.full}` : t('run.dataset'));
  const kind = kinds.find((each) => each === search.change);
  const text = (written.q ?? '').trim();
  const wanted = useMemo(
    (): Wanted => ({
      run,
      ...(text === '' ? {} : { text }),
      ...(written.tag ? { tag: written.tag } : {}),
      ...(written.not ? { without: written.not } : {}),
      ...(since ? { since, changed: search.change !== 'all' && !kind } : {}),
      ...(since && kind ? { change: kind } : {}),
    }),
    [run, text, written.tag, written.not, since, search.change, kind],
  );
  const [seen, setSeen] = useState<readonly [number, number]>([0, 0]);
  const onSeen = useCallback((from: number, to: number) => setSeen([from, to]), []);
  const images = useImages(wanted, dataset?.listed === true, at === undefined ? seen : [at - 1, at + 1]);
  /** What is chosen, unlike what is typed or turned over, has a place of its own in the browser's history. */
  const go = (next: object) =>
    void navigate({ search: (before) => ({ ...before, ...next }) as never, resetScroll: false });
  /** Another choice of images: the place of the one that was looked at says nothing any more. */
  const choose = (next: object) => go({ ...next, at: undefined });
  const { history } = useRouter();
  /** The image was opened from here: closing it is going back. */
  const opened = useRef(false);
  useEffect(() => {
    if (at === undefined) opened.current = false;
  }, [at]);
  const look = (place: number | null) => {
    if (place === null && opened.current) {
      // Nothing that is still to be written opens it again.
      change({ at: undefined } as never);
      history.back();
    } else if (at === undefined) {
      opened.current = true;
      go({ at: place });
    } else change({ at: place ?? undefined } as never);
  };
  const turn = (from: readonly string[], each: string) => {
    const next = from.includes(each) ? from.filter((other) => other !== each) : [...from, each];
    return next.length === 0 ? undefined : next;
  };
  const without = (from: readonly string[], each: string) => turn(from.includes(each) ? from : [...from, each], each);
  const tags = dataset && (
    <Tags
      tags={dataset.tags}
      wanted={tag}
      unwanted={not}
      onWanted={(each) => choose({ tag: turn(tag, each), not: without(not, each) })}
      onUnwanted={(each) => choose({ not: turn(not, each), tag: without(tag, each) })}
    />
  );
  const versions = useQuery(ask.history({ run })).data?.versions.filter(({ id }) => id !== run) ?? [];
  useActions([
    ...(dataset?.listed ? versions.toReversed().slice(0, 6) : []).map(({ id, name }) => ({
      label: t('dataset.whatChanged', { name }),
      act: () => choose({ since: id, change: undefined }),
    })),
    ...(since ? [{ label: t('dataset.allImages'), act: () => choose({ since: undefined, change: undefined }) }] : []),
  ]);
  return (
    <Page
      wide
      title={t('run.dataset')}
      lead={
        record ? (
          <Link
            to="/runs/$run"
            params={{ run }}
            className="underline decoration-line-strong underline-offset-2 hover:text-ink"
          >
            {record.name.full}
          </Link>
        ) : (
          <Skeleton className="h-5 w-40" />
        )
      }
      actions={dataset?.listed && <SinceMenu run={run} onSince={(id) => choose({ since: id, change: undefined })} />}
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !dataset ? (
        <Skeleton className="h-96" />
      ) : !dataset.listed ? (
        <Unknown told={dataset.told} />
      ) : (
        <div className="grid grid-cols-1 gap-x-6 gap-y-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
          <aside
            aria-label={t('dataset.tags')}
            className="hidden lg:sticky lg:top-16 lg:block lg:max-h-[calc(100dvh-5rem)] lg:self-start lg:overflow-y-auto lg:pr-1"
          >
            {tags}
          </aside>
          <div className="min-w-0">
            {since && (
              <Since
                former={former ? { id: former.id, name: former.name.full } : null}
                images={images}
                change={search.change}
                onChange={(next) => choose({ change: next })}
                onEnd={() => choose({ since: undefined, change: undefined })}
              />
            )}
            <div className="mb-4 flex flex-wrap items-center gap-2">
              <SearchField
                label={t('dataset.search')}
                value={q}
                onChange={(event) => change({ q: event.target.value || undefined, at: undefined } as never)}
                className="w-72 max-w-full"
              />
              {tag.map((each) => (
                <Chosen key={each} onEnd={() => choose({ tag: without(tag, each) })}>
                  {each}
                </Chosen>
              ))}
              {not.map((each) => (
                <Chosen key={each} onEnd={() => choose({ not: without(not, each) })}>
                  <span className="line-through">{each}</span>
                </Chosen>
              ))}
              <span className="text-sm text-ink-3" aria-live="polite">
                {images.total !== null && t('dataset.count', { count: images.total, shown: integer(images.total) })}
              </span>
            </div>
            <details className="group mb-4 lg:hidden">
              <summary className="flex cursor-pointer list-none items-center gap-1 text-sm text-ink-2">
                <ChevronDown className="size-4 -rotate-90 group-open:rotate-0" aria-hidden />
                {t('dataset.tags')}
              </summary>
              <div className="mt-2">{tags}</div>
            </details>
            {images.total === 0 ? (
              <Empty
                icon={<Images />}
                title={t(
                  since && images.changes === null
                    ? 'dataset.sinceUnknown'
                    : since && search.change !== 'all'
                      ? 'dataset.noChange'
                      : 'dataset.noneMatch',
                )}
              />
            ) : (
              <ImageGrid run={run} since={since} images={images} onSeen={onSeen} onOpen={look} />
            )}
          </div>
        </div>
      )}
      {at !== undefined && images.total !== null && at >= 0 && at < images.total && (
        <ImageDialog
          run={run}
          since={former ? { id: former.id, name: former.name.full } : null}
          image={images.at(at)}
          place={at}
          total={images.total}
          onPlace={look}
        />
      )}
    </Page>
  );
}

function Chosen({ onEnd, children }: { onEnd: () => void; children: React.ReactNode }) {
  return (
    <Button onClick={onEnd} pressed className="max-w-56">
      <span className="truncate">{children}</span>
      <X className="size-3.5 shrink-0" aria-hidden />
    </Button>
  );
}
