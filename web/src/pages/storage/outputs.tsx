import { Link } from '@tanstack/react-router';
import { Scissors } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { bytes } from '../../lib/format.ts';
import { shortPath } from '../../lib/paths.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Section } from '../../ui/page.tsx';
import { PruneDialog } from '../run/prune-dialog.tsx';
import { More } from './more.tsx';

type Output = Answer<'readStorage'>['outputs'][number];

/** What runs made, the largest first, each with what could go of it. */
export function Outputs({ outputs }: { outputs: readonly Output[] }) {
  const { t } = useTranslation();
  const [most, setMost] = useState(20);
  const [pruned, setPruned] = useState<Output | null>(null);
  return (
    <Section title={t('storage.outputs')} id="outputs">
      <Card className="divide-y divide-line">
        {outputs.slice(0, most).map((output) => (
          <div key={output.run} className="flex items-center gap-3 px-4 py-2 text-sm">
            <div className="min-w-0 flex-1">
              <Link
                to="/runs/$run"
                params={{ run: output.run }}
                search={{ tab: 'checkpoints' }}
                className="font-medium break-words hover:text-accent"
              >
                {output.name}
              </Link>
              <p className="truncate text-xs text-ink-3" title={output.outputDir ?? undefined}>
                {output.outputDir && shortPath(output.outputDir)}
              </p>
            </div>
            <span className="text-xs text-ink-3 max-sm:hidden">{t('storage.files', { count: output.files })}</span>
            <span className="w-20 shrink-0 text-right tabular-nums">{bytes(output.bytes)}</span>
            <Button onClick={() => setPruned(output)} aria-label={t('prune.openOne', { name: output.name })}>
              <Scissors className="size-4" aria-hidden />
              <span className="max-sm:sr-only">{t('prune.open')}</span>
            </Button>
          </div>
        ))}
        <More shown={most} total={outputs.length} onMore={() => setMost(outputs.length)} />
      </Card>
      {pruned && <PruneDialog run={pruned.run} name={pruned.name} onClose={() => setPruned(null)} />}
    </Section>
  );
}
