import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes.ts';
import { type Told, takeTold } from './tell.ts';

const manager = Toast.createToastManager();

function show({ title, text, tone = 'plain', undo }: Told): void {
  manager.add({
    title,
    description: text,
    type: tone,
    priority: tone === 'bad' ? 'high' : 'low',
    timeout: undo ? 12_000 : 6_000,
    data: { undo },
  });
}

/** Where what is told appears: in the corner, above everything. */
export default function Toasts() {
  useEffect(() => takeTold(show), []);
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-20 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { t } = useTranslation();
  const { toasts, close } = Toast.useToastManager<{ undo?: () => void }>();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={classes(
        'flex items-start gap-3 rounded-lg border bg-panel px-4 py-3 text-sm shadow-lift transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0',
        toast.type === 'bad' ? 'border-bad/50' : 'border-line',
      )}
    >
      <div className="min-w-0 flex-1">
        <Toast.Title className={classes('font-medium', toast.type === 'bad' && 'text-bad')} />
        <Toast.Description className="text-ink-2" />
      </div>
      {toast.data?.undo && (
        <button
          type="button"
          className="font-medium text-accent hover:underline"
          onClick={() => {
            toast.data?.undo?.();
            close(toast.id);
          }}
        >
          {t('common.undo')}
        </button>
      )}
      <Toast.Close aria-label={t('common.close')} className="text-ink-3 hover:text-ink">
        <X className="size-4" aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
