import { useTranslation } from 'react-i18next';
import { Button, type ButtonProps } from '../../ui/button.tsx';

export function VerdictButton(props: ButtonProps) {
  const { t } = useTranslation();
  return <Button {...props}>{t('runs.verdict')}</Button>;
}
