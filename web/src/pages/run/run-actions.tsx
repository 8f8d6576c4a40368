import { Tag, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { useActions } from '../../lib/actions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import { useAnnotating } from '../runs/annotate.ts';

const TagDialog = later(() => import('../runs/tag-dialog.tsx'));

/** Tags and trash of one run, as the list has them for those that are selected. */
export function RunActions({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const annotating = useAnnotating();
  const [tagging, setTagging] = useState(false);
  const trash = () => annotating.trash([run]);
  useActions([
    { label: t('runs.tag'), act: () => setTagging(true) },
    { label: t('runs.trash'), act: trash },
  ]);
  return (
    <>
      <Button onPointerEnter={() => void TagDialog.preload()} onClick={() => setTagging(true)}>
        <Tag className="size-4" aria-hidden />
        <span className="max-sm:sr-only">{t('runs.tag')}</span>
      </Button>
      <IconButton label={t('runs.trash')} look="plain" onClick={() => void trash()}>
        <Trash2 className="size-4" aria-hidden />
      </IconButton>
      {tagging && (
        <TagDialog
          runs={[run]}
          title={t('run.tagsTitle', { name: run.name.full })}
          onClose={() => setTagging(false)}
          annotating={annotating}
        />
      )}
    </>
  );
}
