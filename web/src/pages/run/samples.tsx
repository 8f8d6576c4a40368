import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, Images } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Answer, SampleRow } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { addressOf, sheetAddress } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { isShared } from '../../lib/site.ts';
import { buttonClass } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Empty, Section, Skeleton } from '../../ui/page.tsx';

/** All samples of the run, the latest steps first. */
export default function Samples({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const samples = useQuery(ask.samples(run.id)).data?.samples;
  if (!samples) return <Skeleton className="h-96" />;
  if (samples.length === 0) {
    return (
      <Empty icon={<Images />} title={t('samples.none')}>
        {t('samples.noneHint')}
      </Empty>
    );
  }
  const steps = [...Map.groupBy(samples, placeOf)].sort(([, a], [, b]) => orderOf(b) - orderOf(a));
  const groups = steps.map(([place, row]) => {
    const [first] = row;
    const title =
      first?.step != null
        ? t('samples.step', { step: first.step })
        : t('samples.epoch', { epoch: first?.epoch ?? '?' });
    return (
      <Section key={place} title={title} id={`samples-${place}`}>
        <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 md:grid-cols-4 xl:grid-cols-6">
          {row.map((sample) => (
            <li key={sample.id} className="min-w-0">
              <Link
                to="/samples"
                search={{
                  run: [run.id],
                  ...(sample.step !== null ? { step: sample.step } : {}),
                  ...(sample.prompt !== null ? { prompt: sample.prompt } : {}),
                }}
                className="block"
              >
                <Picture run={run.id} sample={sample} />
                <span className="written mt-1 block truncate text-xs text-ink-2">{sample.text ?? sample.name}</span>
                {sample.seed !== null && <span className="block text-2xs text-ink-3">seed {sample.seed}</span>}
              </Link>
            </li>
          ))}
        </ul>
      </Section>
    );
  });
  return (
    <>
      {!isShared && (
        <div className="mb-4 flex justify-end">
          <a href={sheetAddress([run.id])} download={`${run.name.full}.png`} className={buttonClass('plain', 'px-3')}>
            <Download className="size-4" aria-hidden />
            {t('samples.sheet')}
          </a>
        </div>
      )}
      {groups}
    </>
  );
}

const placeOf = ({ step, epoch }: SampleRow) => (step !== null ? `s${step}` : `e${epoch}`);
const orderOf = ([first]: SampleRow[]) => (first?.at ? Date.parse(first.at) : (first?.step ?? first?.epoch ?? 0));

function Picture({ run, sample }: { run: string; sample: SampleRow }) {
  const { t } = useTranslation();
  const blurred = useBlur();
  const shape = { aspectRatio: sample.width && sample.height ? `${sample.width} / ${sample.height}` : '1' };
  return (
    <span className="flex items-center justify-center overflow-hidden rounded-lg bg-sunken" style={shape}>
      {sample.preview || sample.original ? (
        <img
          src={addressOf('samplePreview', { run, sample: sample.id })}
          alt={sample.text ?? sample.name}
          loading="lazy"
          decoding="async"
          className={classes('size-full object-contain', blurred && blurClass)}
        />
      ) : (
        <span className="px-3 text-center text-xs text-ink-3">{t('samples.notShown')}</span>
      )}
    </span>
  );
}
