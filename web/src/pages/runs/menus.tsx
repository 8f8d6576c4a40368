import { Bookmark, Columns3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, type ButtonProps } from '../../ui/button.tsx';
import { deferredMenu } from '../../ui/deferred-menu.tsx';

export function ColumnsButton(props: ButtonProps) {
  const { t } = useTranslation();
  return (
    <Button {...props}>
      <Columns3 className="size-4" aria-hidden />
      <span className="max-sm:sr-only">{t('runs.columns')}</span>
    </Button>
  );
}

export function ViewsButton(props: ButtonProps) {
  const { t } = useTranslation();
  return (
    <Button {...props}>
      <Bookmark className="size-4" aria-hidden />
      <span className="max-sm:sr-only">{t('runs.views')}</span>
    </Button>
  );
}

export const ColumnMenu = deferredMenu(() => import('./column-menu.tsx'), ColumnsButton);
export const ViewsMenu = deferredMenu(() => import('./views-menu.tsx'), ViewsButton);
