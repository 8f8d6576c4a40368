import { FileSearch, Upload } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, ApiError } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { classes } from '../../ui/classes.ts';
import { Card, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { Findings } from './findings.tsx';
import { beginningOf } from './read-file.ts';

interface Looked {
  key: string;
  name: string;
  found: Answer<'examine'> | null;
  error: string | null;
}

/** Where a model, a sample or a render comes from, by dropping it here. */
export default function Files() {
  const { t } = useTranslation();
  useTitle(t('nav.files'));
  const id = useId();
  const [over, setOver] = useState(false);
  const [looked, setLooked] = useState<Looked[]>([]);
  const look = async (files: Iterable<File>) => {
    for (const file of files) {
      const key = `${file.name} ${performance.now()}`;
      const put = (entry: Looked) => setLooked((before) => [entry, ...before.filter((each) => each.key !== key)]);
      put({ key, name: file.name, found: null, error: null });
      try {
        put({ key, name: file.name, found: await api('examine', await beginningOf(file)), error: null });
      } catch (error) {
        const message =
          error instanceof ApiError ? [error.message, error.hint].filter(Boolean).join('. ') : String(error);
        put({ key, name: file.name, found: null, error: message });
      }
    }
  };
  return (
    <Page title={t('nav.files')} lead={t('files.lead')}>
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void look(event.dataTransfer.files);
        }}
        className={classes(
          'mb-6 flex cursor-pointer flex-col items-center gap-2 rounded-xl border-2 border-dashed px-6 py-14 text-center transition-colors has-focus-visible:border-accent',
          over ? 'border-accent bg-accent-soft' : 'border-line-strong hover:bg-sunken/60',
        )}
      >
        <Upload className="size-8 stroke-[1.5] text-ink-3" aria-hidden />
        <span className="font-medium">{t('files.drop')}</span>
        <span className="max-w-md text-sm text-ink-2">{t('files.dropHint')}</span>
        <input
          id={id}
          type="file"
          multiple
          accept=".safetensors,.png"
          className="sr-only"
          onChange={(event) => {
            void look([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </label>
      <div className="space-y-4" aria-live="polite">
        {looked.map(({ key, name, found, error }) => (
          <Card key={key} className="p-4">
            <h2 className="mb-2 flex items-center gap-2 font-medium">
              <FileSearch className="size-4 text-ink-3" aria-hidden />
              <span className="min-w-0 break-all">{name}</span>
            </h2>
            {error ? (
              <p className="text-sm text-bad">{error}</p>
            ) : found ? (
              <Findings found={found} />
            ) : (
              <Skeleton className="h-20" />
            )}
          </Card>
        ))}
      </div>
    </Page>
  );
}
