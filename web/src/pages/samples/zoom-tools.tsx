import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { percent } from '../../lib/format.ts';
import { IconButton } from '../../ui/button.tsx';
import { useZoom } from './view-port.tsx';

/** Closer, farther, and all of it again. */
export function ZoomTools() {
  const { t } = useTranslation();
  const { scale, closer, farther, reset } = useZoom();
  return (
    <div className="flex items-center" role="group" aria-label={t('samples.zoom')} title={t('samples.zoomHint')}>
      <IconButton label={t('samples.farther')} disabled={scale <= 1} onClick={farther}>
        <ZoomOut className="size-4" aria-hidden />
      </IconButton>
      <output className="w-11 text-center text-xs text-ink-2 tabular-nums">{percent(scale)}</output>
      <IconButton label={t('samples.closer')} onClick={closer}>
        <ZoomIn className="size-4" aria-hidden />
      </IconButton>
      <IconButton label={t('samples.fit')} disabled={scale <= 1} onClick={reset}>
        <Maximize2 className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}
