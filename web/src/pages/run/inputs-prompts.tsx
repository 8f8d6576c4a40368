import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { integer, value } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card, Section } from '../../ui/page.tsx';

type Run = Answer<'showRun'>;
type Prompted = NonNullable<Run['artifacts'][number]['prompted']>;

/** What samples were asked for, as the trainer read it; the file itself stands among the files. */
export function Prompts({ run }: { run: Run }) {
  const { t } = useTranslation();
  const prompts = new Map<number, Prompted>();
  for (const { kind, prompt, prompted } of run.artifacts)
    if (kind === 'sample' && prompt !== null && prompted) prompts.set(prompt, prompted);
  if (prompts.size === 0) return null;
  const guessed = [...prompts.values()].some(({ certainty }) => certainty === 'guessed');
  return (
    <Section
      title={t('inputs.prompts')}
      id="prompts"
      aside={guessed && <Badge tone="info">{t('inputs.guessed')}</Badge>}
    >
      <Card className="divide-y divide-line">
        {[...prompts]
          .sort(([a], [b]) => a - b)
          .map(([index, prompted]) => (
            <div key={index} className="px-4 py-2.5 text-sm">
              <p className="written break-words">{prompted.prompt ?? '–'}</p>
              {prompted.negative && (
                <p className="mt-0.5 break-words text-ink-2">
                  <span className="text-ink-3">{t('inputs.negative')}</span> {prompted.negative}
                </p>
              )}
              <p className="mt-0.5 text-xs text-ink-3">{detailsOf(prompted)}</p>
            </div>
          ))}
      </Card>
    </Section>
  );
}

function detailsOf({ width, height, seed, steps, scale, sampler }: Prompted): string {
  return [
    width !== null && height !== null && `${integer(width)} × ${integer(height)}`,
    seed !== null && `seed ${seed}`,
    steps !== null && `steps ${integer(steps)}`,
    scale !== null && `scale ${value(scale)}`,
    sampler,
  ]
    .filter(Boolean)
    .join(' · ');
}
