import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Package, Scissors, Star } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, ArtifactRow } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { api } from '../../lib/api.ts';
import { ago, bytes, integer, moment } from '../../lib/format.ts';
import { isShared } from '../../lib/site.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Copy } from '../../ui/copy.tsx';
import { Card, Empty, Skeleton } from '../../ui/page.tsx';
import { tellFailure } from '../../ui/tell.ts';

const PruneDialog = lazy(() => import('./prune-dialog.tsx').then(({ PruneDialog }) => ({ default: PruneDialog })));

const columns = [
  ['file', 'px-4'],
  ['step', 'px-2 text-right'],
  ['epoch', 'px-2 text-right'],
  ['size', 'px-2 text-right'],
  ['hashes', 'px-2'],
  ['when', 'px-4 text-right'],
] as const;

/** The checkpoints and training states of the run, also those that the trainer deleted again. */
export default function Checkpoints({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [pruning, setPruning] = useState(false);
  const artifacts = useQuery(ask.artifacts(run.id)).data?.artifacts;
  const star = async ({ id, starred }: ArtifactRow) => {
    try {
      await api('star', { body: { run: run.id, id, starred: !starred } });
      await client.invalidateQueries({ queryKey: ['run', run.id] });
      void client.invalidateQueries({ queryKey: ['glance', run.id] });
    } catch (error) {
      tellFailure(error);
    }
  };
  if (!artifacts) return <Skeleton className="h-64" />;
  if (artifacts.length === 0) {
    return (
      <Empty icon={<Package />} title={t('checkpoints.none')}>
        {t('checkpoints.noneHint')}
      </Empty>
    );
  }
  const there = artifacts.filter(({ goneAt, removedAt }) => goneAt === null && removedAt === null);
  const size = there.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-ink-2">
          {t('checkpoints.there', { count: there.length, shown: integer(there.length), size: bytes(size) })}
        </p>
        {!isShared && (
          <Button onClick={() => setPruning(true)}>
            <Scissors className="size-4" aria-hidden />
            {t('prune.open')}
          </Button>
        )}
      </div>
      <Card className="overflow-x-auto">
        <table className="w-full min-w-160 text-sm">
          <thead className="border-b border-line text-left text-xs text-ink-3">
            <tr>
              {columns.map(([name, look]) => (
                <th key={name} scope="col" className={classes('py-2 font-normal', look)}>
                  {t(`checkpoints.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {artifacts.map((artifact) => (
              <Row key={artifact.id} artifact={artifact} onStar={star} />
            ))}
          </tbody>
        </table>
      </Card>
      {pruning && (
        <Suspense>
          <PruneDialog run={run.id} name={run.name.full} onClose={() => setPruning(false)} />
        </Suspense>
      )}
    </>
  );
}

function Row({ artifact, onStar }: { artifact: ArtifactRow; onStar: (artifact: ArtifactRow) => Promise<void> }) {
  const { t } = useTranslation();
  const { name, step, epoch, kind, final, starred, goneAt, removedAt, inTrash, at, sha256, tensorSha256, path } =
    artifact;
  const isGone = goneAt !== null || removedAt !== null;
  return (
    <tr className={classes(isGone && 'text-ink-3')}>
      <th scope="row" className="px-4 py-2 text-left font-normal">
        <span className="flex items-center gap-2">
          <button
            type="button"
            aria-pressed={starred}
            disabled={isShared}
            aria-label={t(starred ? 'checkpoints.unstar' : 'checkpoints.star', { name })}
            onClick={() => void onStar(artifact)}
            className={classes('-m-1 rounded p-1', starred ? 'text-warn' : 'text-line-strong hover:text-warn')}
          >
            <Star className={classes('size-4', starred && 'fill-current')} aria-hidden />
          </button>
          <span className={classes('min-w-32 font-mono text-xs break-all', isGone && 'line-through')} title={path}>
            {name}
          </span>
          {kind === 'state' && <Badge>{t('checkpoints.state')}</Badge>}
          {final && <Badge tone="good">{t('checkpoints.final')}</Badge>}
          {removedAt ? (
            <Badge title={moment(removedAt)}>{t(inTrash ? 'checkpoints.inTrash' : 'checkpoints.pruned')}</Badge>
          ) : (
            goneAt && <Badge title={moment(goneAt)}>{t('checkpoints.gone')}</Badge>
          )}
        </span>
      </th>
      <td className="px-2 py-2 text-right tabular-nums">{step === null ? '' : integer(step)}</td>
      <td className="px-2 py-2 text-right tabular-nums">{epoch === null ? '' : integer(epoch)}</td>
      <td className="px-2 py-2 text-right whitespace-nowrap">{bytes(artifact.bytes)}</td>
      <td className="space-x-3 px-2 py-2 whitespace-nowrap">
        {tensorSha256 && <Copy text={tensorSha256} shown={`AutoV3 ${tensorSha256.slice(0, 12)}`} />}
        {sha256 && <Copy text={sha256} shown={`AutoV2 ${sha256.slice(0, 10)}`} />}
      </td>
      <td className="px-4 py-2 text-right whitespace-nowrap text-ink-2" title={at ? moment(at) : undefined}>
        {at ? ago(at) : ''}
      </td>
    </tr>
  );
}
