import { useTranslation } from 'react-i18next';
import type { Place, PromptRow } from './grid.ts';

type Translate = (key: string, values: Record<string, unknown>) => string;

export function placeText(place: Place, t: Translate): string {
  return place.step !== null ? t('samples.step', { step: place.step }) : t('samples.epoch', { epoch: place.epoch });
}

export const promptText = (row: Pick<PromptRow, 'index' | 'text'>, t: Translate): string =>
  row.text ?? t('samples.promptNumber', { number: row.index + 1 });

export function PromptText({ row, lines = 4 }: { row: PromptRow; lines?: number }) {
  const { t } = useTranslation();
  return (
    <span
      className="written overflow-hidden text-ink [-webkit-box-orient:vertical] [display:-webkit-box]"
      style={{ WebkitLineClamp: lines }}
      title={row.text ?? undefined}
    >
      {promptText(row, t)}
    </span>
  );
}
