import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { classes } from './classes.ts';

/** A question or a small form above the page; Escape closes it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  wide = false,
  onKey,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  wide?: boolean;
  /** Keys that it answers itself, before anything within it does. */
  onKey?: (event: KeyboardEvent) => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/35 transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          onKeyDownCapture={onKey}
          className={classes(
            'fixed top-[12vh] left-1/2 z-50 max-h-[76vh] w-[calc(100vw-2rem)] -translate-x-1/2 overflow-auto rounded-xl border border-line bg-panel p-5 shadow-lift transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0',
            wide ? 'max-w-3xl' : 'max-w-md',
          )}
        >
          <div className="mb-3 flex items-start justify-between gap-4">
            <Base.Title className="font-semibold">{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label={t('common.close')} className="-mt-1 -mr-2">
                  <X className="size-4" aria-hidden />
                </IconButton>
              }
            />
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
