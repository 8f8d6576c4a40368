import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useDeferredValue, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { SearchField } from '../ui/input.tsx';
import { StatusBadge } from '../ui/status.tsx';
import { api } from './api.ts';
import { ago } from './format.ts';

/** Of a run that is being asked for; its chip is about as wide as it will be. */
export const unknown = '…';

/** The runs that a page is about: each can be taken out, and another be added. */
export function RunChips({
  runs,
  most,
  asked,
  onChange,
}: {
  runs: readonly { id: string; name: string }[];
  most: number;
  /** How many the address names; those beyond `most` are left out. */
  asked: number;
  onChange: (ids: string[]) => void;
}) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {runs.map((run, index) => (
        <span
          key={run.id}
          className="inline-flex h-8 max-w-64 items-center gap-1.5 rounded-md border border-line-strong bg-panel pr-1 pl-2.5 text-sm"
        >
          <span
            aria-hidden
            className="size-2 shrink-0 rounded-full"
            style={{ background: `var(--series-${(index % 8) + 1})` }}
          />
          <span className={classes('truncate', run.name.startsWith(unknown) && 'w-40')}>{run.name}</span>
          <button
            type="button"
            aria-label={t('pick.remove', { name: run.name })}
            onClick={() => onChange(runs.filter(({ id }) => id !== run.id).map(({ id }) => id))}
            className="flex size-6 items-center justify-center rounded text-ink-3 hover:bg-sunken hover:text-ink"
          >
            <X className="size-3.5" aria-hidden />
          </button>
        </span>
      ))}
      {asked > most && (
        <span role="status" className="text-sm text-warn">
          {t('pick.beyond', { count: asked - most, most })}
        </span>
      )}
      {runs.length < most && (
        <Button look="quiet" onClick={() => setPicking(true)}>
          <Plus className="size-4" aria-hidden />
          {t('pick.add')}
        </Button>
      )}
      <Dialog open={picking} onOpenChange={setPicking} title={t('pick.title')}>
        <RunPicker
          without={runs.map(({ id }) => id)}
          onPick={(id) => {
            onChange([...runs.map((run) => run.id), id]);
            setPicking(false);
          }}
        />
      </Dialog>
    </div>
  );
}

/** Finds a run by the language of the list. */
export function RunPicker({ without, onPick }: { without: readonly string[]; onPick: (id: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ['runs', 'pick', query],
    queryFn: ({ signal }) => api('listRuns', { query, limit: 30 }, signal),
    placeholderData: (before) => before,
    retry: false,
  }).data?.runs.filter((run) => !without.includes(run.id));
  return (
    <>
      <SearchField
        label={t('runs.query')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-controls={id}
      />
      <ul id={id} className="mt-2 max-h-80 overflow-auto">
        {found?.map((run) => (
          <li key={run.id}>
            <button
              type="button"
              onClick={() => onPick(run.id)}
              className="flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-left text-sm hover:bg-sunken"
            >
              <span className="min-w-0 flex-1 truncate">{run.name}</span>
              <StatusBadge status={run.status} />
              <span className="text-xs text-ink-3">{ago(run.startedAt)}</span>
            </button>
          </li>
        ))}
        {found?.length === 0 && <li className="px-2 py-6 text-center text-sm text-ink-3">{t('runs.noneMatch')}</li>}
      </ul>
    </>
  );
}
