import { useQueryClient } from '@tanstack/react-query';
import { Gavel } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/segments.tsx';
import { tellFailure } from '../../ui/tell.ts';

type Run = Answer<'showRun'>;
type Choice = NonNullable<Run['verdict']> | 'none';

/** What a person says of the run, and why. */
export function VerdictMenu({ run }: { run: Run }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState<Choice>(run.verdict ?? 'none');
  const [why, setWhy] = useState(run.verdictWhy ?? '');
  const choices: readonly Choice[] = ['worked', 'mixed', 'failed', 'none'];
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
          <Segments
            label={t('run.verdict')}
            value={choice}
            onChange={setChoice}
            options={choices.map((value) => ({
              value,
              label: value === 'none' ? t('runs.noVerdict') : t(`verdict.${value}`),
            }))}
          />
          <label className="block text-sm">
            <span className="mb-1 block text-ink-2">{t('run.why')}</span>
            <textarea
              dir="auto"
              value={why}
              rows={4}
              onChange={(event) => setWhy(event.target.value)}
              placeholder={t('run.whyExample')}
              className="w-full rounded-lg border border-line-strong bg-paper px-3 py-2 focus:border-accent focus:outline-none"
            />
          </label>
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
