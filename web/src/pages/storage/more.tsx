import { useTranslation } from 'react-i18next';
import { integer } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';

/** Shows the rest of a long list. */
export function More({ shown, total, onMore }: { shown: number; total: number; onMore: () => void }) {
  const { t } = useTranslation();
  if (total <= shown) return null;
  return (
    <div className="px-4 py-2">
      <Button look="quiet" onClick={onMore}>
        {t('storage.showAll', { count: total, shown: integer(total) })}
      </Button>
    </div>
  );
}
