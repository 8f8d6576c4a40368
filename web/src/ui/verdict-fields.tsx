import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRow } from '../../../src/api/index.ts';
import { Segments } from './segments.tsx';

export type VerdictChoice = NonNullable<RunRow['verdict']> | 'none';
const choices: readonly VerdictChoice[] = ['worked', 'mixed', 'failed', 'none'];

/** A verdict and its reason, as a form asks for them. */
export function VerdictFields({
  choice,
  onChoice,
  why,
  onWhy,
  whyRef,
}: {
  /** Null where nothing is chosen yet. */
  choice: VerdictChoice | null;
  onChoice: (choice: VerdictChoice) => void;
  why: string;
  onWhy: (why: string) => void;
  whyRef?: Ref<HTMLTextAreaElement>;
}) {
  const { t } = useTranslation();
  return (
    <>
      <Segments
        label={t('run.verdict')}
        value={choice}
        onChange={onChoice}
        options={choices.map((value) => ({
          value,
          label: value === 'none' ? t('runs.noVerdict') : t(`verdict.${value}`),
        }))}
      />
      <label className="block text-sm">
        <span className="mb-1 block text-ink-2">{t('run.why')}</span>
        <textarea
          ref={whyRef}
          dir="auto"
          value={why}
          rows={4}
          onChange={(event) => onWhy(event.target.value)}
          placeholder={t('run.whyExample')}
          className="w-full rounded-lg border border-line-strong bg-paper px-3 py-2 focus:border-accent focus:outline-none"
        />
      </label>
    </>
  );
}
