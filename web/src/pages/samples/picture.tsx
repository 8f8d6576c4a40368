import { useTranslation } from 'react-i18next';
import type { SampleRow } from '../../../../src/api/index.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { classes } from '../../ui/classes.ts';
import { isShown } from './grid.ts';

/** A sample, or the place where it would be. @param props.large as the trainer wrote it, where that is kept */
export function Picture({
  run,
  sample,
  large = false,
  className,
}: {
  run: string;
  sample: SampleRow | undefined;
  large?: boolean;
  className?: string;
}) {
  const { t } = useTranslation();
  const blurred = useBlur();
  if (!isShown(sample)) {
    return (
      <span
        className={classes(
          'flex size-full items-center justify-center rounded-[inherit] border border-dashed border-line-strong bg-paper p-1 text-center text-2xs text-ink-3',
          className,
        )}
      >
        {t(sample ? 'samples.notShown' : 'samples.missing')}
      </span>
    );
  }
  const address = addressOf(large && sample.original ? 'sampleOriginal' : 'samplePreview', { run, sample: sample.id });
  return (
    <img
      src={address}
      alt={sample.text ?? sample.name}
      loading="lazy"
      decoding="async"
      draggable={false}
      className={classes('size-full object-contain select-none', blurred && blurClass, className)}
    />
  );
}
