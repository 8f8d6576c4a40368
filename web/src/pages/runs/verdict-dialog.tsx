import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRow } from '../../../../src/api/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { VerdictBadge } from '../../ui/status.tsx';
import { type VerdictChoice, VerdictFields } from '../../ui/verdict-fields.tsx';
import { type Annotating, type Said, saidOf } from './annotate.ts';

/** Judges runs, with the reason: what was said before is shown, and goes only where something else is said. */
export default function VerdictDialog({
  runs,
  onClose,
  annotating,
}: {
  runs: readonly RunRow[];
  onClose: () => void;
  annotating: Annotating;
}) {
  const { t } = useTranslation();
  // Of those that were selected when it was opened: what is read anew does not take away what is being typed.
  const [judged] = useState(runs);
  const ids = judged.map(({ id }) => id);
  const { data: said } = useQuery({
    queryKey: ['run', 'verdicts', ids],
    queryFn: () => saidOf(judged),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('runs.verdictTitle', { count: judged.length })}>
      {said ? (
        <Form runs={judged} said={said} onClose={onClose} annotating={annotating} />
      ) : (
        <Skeleton className="h-58" />
      )}
    </Dialog>
  );
}

function Form({
  runs,
  said,
  onClose,
  annotating,
}: {
  runs: readonly RunRow[];
  said: readonly Said<RunRow>[];
  onClose: () => void;
  annotating: Annotating;
}) {
  const { t } = useTranslation();
  const verdictsSaid = new Set(said.map(({ verdict }) => verdict));
  const reasons = new Set(said.map(({ why }) => why));
  /** Whether each has a reason of its own, which no field could show. */
  const differ = reasons.size > 1;
  const [choice, setChoice] = useState<VerdictChoice | null>(
    verdictsSaid.size === 1 ? (said[0]?.verdict ?? 'none') : null,
  );
  const [why, setWhy] = useState(differ ? '' : (said[0]?.why ?? ''));
  const [saving, setSaving] = useState(false);
  const text = why.trim();
  const field = useRef<HTMLTextAreaElement>(null);
  // It comes after the dialog, which gave the focus to what was there.
  useEffect(() => field.current?.focus(), []);
  const save = async () => {
    if (choice === null || saving) return;
    setSaving(true);
    const kept = differ && text === '' ? 'kept' : { why: text || null };
    if (await annotating.verdict(runs, choice === 'none' ? null : choice, kept)) onClose();
    else setSaving(false);
  };
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <VerdictFields choice={choice} onChoice={setChoice} why={why} onWhy={setWhy} whyRef={field} />
      {differ && (
        <section className="text-sm">
          <h3 className="text-ink-2">{t(text === '' ? 'runs.reasonsStay' : 'runs.reasonsGo')}</h3>
          <ul className="mt-1.5 max-h-44 space-y-1.5 overflow-auto">
            {said.flatMap(({ run, verdict, why }) =>
              why === null
                ? []
                : [
                    <li key={run.id} className="flex items-baseline gap-2">
                      <span className="max-w-2/5 shrink-0 truncate text-xs text-ink-3">{run.name}</span>
                      {verdict && <VerdictBadge verdict={verdict} />}
                      <span dir="auto" className="min-w-0">
                        {why}
                      </span>
                    </li>,
                  ],
            )}
          </ul>
        </section>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="primary" type="submit" disabled={choice === null || saving}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}
