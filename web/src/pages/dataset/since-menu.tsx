import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../app/queries.ts';
import { distinct } from '../../lib/distinct.ts';
import { RunPicker } from '../../lib/pick-run.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem, MenuLine, MenuTitle } from '../../ui/menu.tsx';

const mostVersions = 12;

/** Another version of the family, or any run: what changed since that one is shown. */
export function SinceMenu({ run, onSince }: { run: string; onSince: (run: string) => void }) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  const { data } = useQuery(ask.history({ run }));
  const versions = distinct(data?.versions ?? []).filter(({ id }) => id !== run);
  return (
    <>
      <Menu
        trigger={
          <Button>
            {t('dataset.compare')}
            <ChevronDown className="size-4" aria-hidden />
          </Button>
        }
      >
        {versions.length > 0 && <MenuTitle>{t('dataset.versions')}</MenuTitle>}
        {versions
          .toReversed()
          .slice(0, mostVersions)
          .map(({ id, name }) => (
            <MenuItem key={id} onSelect={() => onSince(id)}>
              {name}
            </MenuItem>
          ))}
        {versions.length > 0 && <MenuLine />}
        <MenuItem onSelect={() => setPicking(true)}>{t('dataset.anotherRun')}</MenuItem>
      </Menu>
      <Dialog open={picking} onOpenChange={setPicking} title={t('pick.title')}>
        <RunPicker
          without={[run]}
          onPick={(id) => {
            setPicking(false);
            onSince(id);
          }}
        />
      </Dialog>
    </>
  );
}
