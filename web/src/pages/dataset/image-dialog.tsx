import { useTranslation } from 'react-i18next';
import type { DatasetImage } from '../../../../src/api/index.ts';
import { addressOf } from '../../lib/api.ts';
import { bytes } from '../../lib/format.ts';
import { Copy } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';

/** One image, large, with its caption tag by tag. */
export function ImageDialog({ run, image, onClose }: { run: string; image: DatasetImage; onClose: () => void }) {
  const { t } = useTranslation();
  const before = new Set(image.captionBefore?.split(',').map((tag) => tag.trim()));
  const gone = image.captionBefore === null ? [] : [...before].filter((tag) => tag !== '' && !image.tags.includes(tag));
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={image.path} wide>
      {image.shown && (
        <img
          src={addressOf('imageOriginal', { run, image: image.id })}
          alt={image.caption ?? image.path}
          className="mx-auto mb-4 max-h-[50vh] rounded-lg bg-sunken object-contain"
        />
      )}
      {image.tags.length > 1 || gone.length > 0 ? (
        <ul className="mb-4 flex flex-wrap gap-1.5 text-xs">
          {image.tags.map((tag) => (
            <li
              key={tag}
              className={
                image.captionBefore !== null && !before.has(tag)
                  ? 'rounded-full bg-good-soft px-2 py-0.5 text-good'
                  : 'rounded-full bg-sunken px-2 py-0.5'
              }
            >
              {image.captionBefore !== null && !before.has(tag) && '+'}
              {tag}
            </li>
          ))}
          {gone.map((tag) => (
            <li key={tag} className="rounded-full bg-bad-soft px-2 py-0.5 text-bad">
              −{tag}
            </li>
          ))}
        </ul>
      ) : (
        <p className="mb-4 text-sm">{image.caption ?? t('dataset.noCaption')}</p>
      )}
      <Facts
        facts={[
          [t('checkpoints.size'), bytes(image.bytes)],
          ['SHA-256', image.sha256 && <Copy key="hash" text={image.sha256} shown={image.sha256.slice(0, 16)} />],
        ]}
      />
    </Dialog>
  );
}
