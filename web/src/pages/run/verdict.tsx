import { useQueryClient } from '@tanstack/react-query';
import { Gavel } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { tellFailure } from '../../ui/tell.ts';
import { type VerdictChoice, VerdictFields } from '../../ui/verdict-fields.tsx';

type Run = Answer<'showRun'>;

/** What a person says of the run, and why. */
export function VerdictMenu({ run }: { run: Run }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState<VerdictChoice>(run.verdict ?? 'none');
  const [why, setWhy] = useState(run.verdictWhy ?? '');
  const save = async () => {
    const verdict = choice === 'none' ? null : choice;
    try {
      await api('setVerdict', { body: { runs: [run.id], verdict, why: why.trim() || null } });
      await client.invalidateQueries({ queryKey: ['run', run.id] });
      void client.invalidateQueries({ queryKey: ['runs'] });
      setOpen(false);
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <>
      <Button
        look={run.verdict === null && run.status === 'succeeded' ? 'primary' : 'plain'}
        onClick={() => {
          setChoice(run.verdict ?? 'none');
          setWhy(run.verdictWhy ?? '');
          setOpen(true);
        }}
      >
        <Gavel className="size-4" aria-hidden />
        {t('run.verdict')}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={t('run.verdictTitle', { name: run.name.full })}>
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <VerdictFields choice={choice} onChoice={setChoice} why={why} onWhy={setWhy} />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
            <Button look="primary" type="submit">
              {t('common.save')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
