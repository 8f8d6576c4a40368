import { SlidersHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type ButtonProps, IconButton } from '../ui/button.tsx';
import { deferredMenu } from '../ui/deferred-menu.tsx';

export function PreferencesButton(props: ButtonProps) {
  const { t } = useTranslation();
  return (
    <IconButton label={t('preferences.title')} {...props}>
      <SlidersHorizontal className="size-4" aria-hidden />
    </IconButton>
  );
}

export const Preferences = deferredMenu(() => import('./preferences.tsx'), PreferencesButton);
