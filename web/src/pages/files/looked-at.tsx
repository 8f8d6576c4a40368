import { FileBox, FileImage, FileQuestion } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { bytes } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { Findings } from './findings.tsx';

/** A file that was dropped, and what became of it. */
export interface Looked {
  key: number;
  name: string;
  bytes: number;
  /** Address of the picture itself, which never left this page; null of what is none. */
  picture: string | null;
  hashed: boolean;
  found: Answer<'examine'> | null;
  /** `unread`: the browser could not read it. */
  problem: { unread: true } | { message: string } | null;
}

const icons = { model: FileBox, image: FileImage, render: FileImage, other: FileQuestion } as const;

export function LookedAt({ looked: { name, bytes: size, picture, hashed, found, problem } }: { looked: Looked }) {
  const { t } = useTranslation();
  const blurred = useBlur();
  const Icon = icons[found?.kind ?? 'other'];
  return (
    <Card className="flex gap-4 p-4">
      {picture && (
        <img
          src={picture}
          alt=""
          className={classes('size-24 shrink-0 rounded-lg bg-sunken object-cover max-sm:size-16', blurred && blurClass)}
        />
      )}
      <div className="min-w-0 flex-1">
        <h2 className="mb-2 flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          {!picture && <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />}
          <span className="min-w-0 break-all">{name}</span>
          <span className="text-xs font-normal text-ink-3">{bytes(size)}</span>
          {found && <Badge>{t(`files.kind.${found.kind}`)}</Badge>}
        </h2>
        {problem ? (
          <p className="text-sm break-words text-bad">{'unread' in problem ? t('files.unread') : problem.message}</p>
        ) : found ? (
          <>
            <Findings found={found} />
            {!hashed && !found.run && <p className="mt-2 text-xs text-ink-3">{t('files.notHashed')}</p>}
          </>
        ) : (
          <Skeleton className="h-10" />
        )}
      </div>
    </Card>
  );
}
