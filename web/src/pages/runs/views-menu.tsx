import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '../../../../src/api/index.ts';
import { useRemembered } from '../../lib/ui-store.ts';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import KeepView from './keep-view.tsx';
import { ViewsButton } from './menus.tsx';

/** Queries with their columns and order, kept under a name. */
export default function ViewsMenu({
  current,
  onShow,
  defaultOpen,
}: {
  current: Omit<SavedView, 'name'>;
  onShow: (view: SavedView) => void;
  defaultOpen: boolean;
}) {
  const { t } = useTranslation();
  const { ui, change } = useRemembered();
  const [naming, setNaming] = useState(false);
  const [forgetting, setForgetting] = useState(false);
  const views = ui?.views ?? [];
  const forget = (name: string) => change((ui) => ({ ...ui, views: ui.views.filter((view) => view.name !== name) }));
  return (
    <>
      <Menu trigger={<ViewsButton />} defaultOpen={defaultOpen}>
        {views.map((view) => (
          <MenuItem key={view.name} onSelect={() => onShow(view)}>
            <span className="min-w-0 flex-1 truncate">{view.name}</span>
          </MenuItem>
        ))}
        {views.length > 0 && <MenuLine />}
        <MenuItem onSelect={() => setNaming(true)}>{t('runs.keepView')}</MenuItem>
        {views.length > 0 && <MenuItem onSelect={() => setForgetting(true)}>{t('runs.forgetViews')}</MenuItem>}
      </Menu>
      <Dialog open={forgetting} onOpenChange={setForgetting} title={t('runs.views')}>
        <ul className="divide-y divide-line">
          {views.map((view) => (
            <li key={view.name} className="flex items-center gap-3 py-1.5">
              <span className="min-w-0 flex-1">
                <span className="block truncate">{view.name}</span>
                <span className="block truncate font-mono text-xs text-ink-3">{view.query}</span>
              </span>
              <IconButton label={t('runs.forgetView', { name: view.name })} onClick={() => void forget(view.name)}>
                <Trash2 className="size-4" aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      </Dialog>
      {naming && <KeepView view={current} onClose={() => setNaming(false)} />}
    </>
  );
}
