import { Upload } from 'lucide-react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../../src/api/index.ts';
import { useActions } from '../../lib/actions.ts';
import { api } from '../../lib/api.ts';
import { said } from '../../said/said.ts';
import { buttonClass } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Page, useTitle } from '../../ui/page.tsx';
import { type Looked, LookedAt } from './looked-at.tsx';
import { headerOf, isHashed } from './read-file.ts';

const accepted = '.safetensors,.sft,.png,.jpg,.jpeg,.webp';
/** Files of one drop are read a few at a time. */
const together = 3;
const mostShown = 100;

/** Where a model, a sample or a render comes from, by dropping it here. */
export default function Files() {
  const { t } = useTranslation();
  useTitle(t('nav.files'));
  const id = useId();
  const [over, setOver] = useState(false);
  const [looked, setLooked] = useState<readonly Looked[]>([]);
  const next = useRef(0);
  const look = useCallback(async (files: readonly File[]) => {
    const begun = files.map((file): Looked & { file: File } => ({
      key: next.current++,
      name: file.name,
      bytes: file.size,
      picture: file.type.startsWith('image/') ? URL.createObjectURL(file) : null,
      hashed: isHashed(file),
      found: null,
      problem: null,
      file,
    }));
    setLooked((before) => [...begun, ...before].slice(0, mostShown));
    const put = (key: number, change: Partial<Looked>) =>
      setLooked((before) => before.map((each) => (each.key === key ? { ...each, ...change } : each)));
    const waiting = [...begun];
    const work = async () => {
      for (let each = waiting.shift(); each; each = waiting.shift()) {
        const header = await headerOf(each.file).catch(() => null);
        if (!header) put(each.key, { problem: { unread: true } });
        else {
          const answer = await api('examine', header).then(
            (found) => ({ found }),
            async (error: unknown) => ({ problem: { message: await messageOf(error) } }),
          );
          put(each.key, answer);
        }
      }
    };
    await Promise.all(Array.from({ length: together }, work));
  }, []);

  const shown = useRef(looked);
  shown.current = looked;
  useEffect(
    () => () => {
      for (const { picture } of shown.current) if (picture) URL.revokeObjectURL(picture);
    },
    [],
  );

  useEffect(() => {
    // A file that falls beside the frame would be opened in place of this page.
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) void look(files);
    };
    const drag = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) void look(files);
    };
    addEventListener('drop', drop);
    addEventListener('dragover', drag);
    addEventListener('dragleave', leave);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('drop', drop);
      removeEventListener('dragover', drag);
      removeEventListener('dragleave', leave);
      removeEventListener('paste', paste);
    };
  }, [look]);

  const field = useRef<HTMLInputElement>(null);
  useActions([{ label: t('files.choose'), act: () => field.current?.click() }]);
  return (
    <Page wide="columns" title={t('nav.files')} lead={t('files.lead')}>
      <label
        htmlFor={id}
        className={classes(
          'mb-6 flex cursor-pointer flex-col items-center gap-2 rounded-xl border-2 border-dashed px-6 text-center transition-colors has-focus-visible:border-accent',
          looked.length > 0 ? 'py-6' : 'py-14',
          over ? 'border-accent bg-accent-soft' : 'border-line-strong hover:bg-sunken/60',
        )}
      >
        <Upload className="size-8 stroke-[1.5] text-ink-3" aria-hidden />
        <span className="font-medium">{t('files.drop')}</span>
        <span className="max-w-md text-sm text-ink-2">{t('files.dropHint')}</span>
        <span className={buttonClass('plain', 'px-3 mt-2')}>{t('files.choose')}</span>
        <input
          ref={field}
          id={id}
          type="file"
          multiple
          accept={accepted}
          className="sr-only"
          onChange={(event) => {
            void look([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </label>
      <ul
        className="grid grid-cols-1 items-start gap-4 min-[112rem]:grid-cols-2"
        aria-live="polite"
        aria-label={t('files.looked')}
      >
        {looked.map((each) => (
          <li key={each.key}>
            <LookedAt looked={each} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

const messageOf = async (error: unknown) =>
  error instanceof ApiError
    ? (await Promise.all([error.message, error.hint].filter((each) => each !== null).map(said))).join('. ')
    : String(error);
