import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Answer, ExaminedModel } from '../../../../src/api/index.ts';
import { valueText } from '../../lib/config-value.ts';
import { integer } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';

type Found = Answer<'examine'>;
type Origin = Pick<Found, 'run' | 'step' | 'epoch' | 'final' | 'sure' | 'why' | 'others'>;

const tones: Record<NonNullable<Origin['sure']>, Tone> = { certain: 'good', likely: 'info', guess: 'warn' };

/** What a file is, and which run made it. */
export function Findings({ found }: { found: Found }) {
  const { t } = useTranslation();
  return (
    <>
      <OriginLine origin={found} />
      {found.loras.length > 0 && (
        <ul className="mt-3 space-y-2">
          {found.loras.map((lora) => (
            <li key={`${lora.name} ${lora.hash}`} className="rounded-lg bg-sunken px-3 py-2">
              <p className="font-mono text-xs">
                {lora.name}
                {lora.weight !== null && <span className="text-ink-3"> × {lora.weight}</span>}
              </p>
              <OriginLine origin={lora} />
            </li>
          ))}
        </ul>
      )}
      {found.model && <Model model={found.model} />}
      {found.texts && Object.keys(found.texts).length > 0 && (
        <Fold title={t('files.texts')}>
          <dl className="space-y-2 text-xs">
            {Object.entries(found.texts).map(([key, text]) => (
              <div key={key}>
                <dt className="text-ink-3">{key}</dt>
                <dd className="font-mono break-words whitespace-pre-wrap">{text.slice(0, 5000)}</dd>
              </div>
            ))}
          </dl>
        </Fold>
      )}
    </>
  );
}

function OriginLine({ origin }: { origin: Origin }) {
  const { t } = useTranslation();
  if (!origin.run) return <p className="text-sm text-ink-2">{origin.why}</p>;
  const place =
    origin.step !== null
      ? t('samples.step', { step: origin.step })
      : origin.epoch !== null
        ? t('samples.epoch', { epoch: origin.epoch })
        : null;
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm">
      <Link to="/runs/$run" params={{ run: origin.run.id }} className="font-medium text-accent hover:underline">
        {origin.run.name}
      </Link>
      {place && <span>{place}</span>}
      {origin.final && <Badge tone="good">{t('checkpoints.final')}</Badge>}
      {origin.sure && <Badge tone={tones[origin.sure]}>{t(`files.sure.${origin.sure}`)}</Badge>}
      <span className="text-ink-3">{origin.why}</span>
    </p>
  );
}

function Fold({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <details className="mt-3">
      <summary className="cursor-pointer text-sm text-ink-2 hover:text-ink">{title}</summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}

function Model({ model }: { model: ExaminedModel }) {
  const { t } = useTranslation();
  const { metadata } = model;
  return (
    <>
      <div className="mt-3">
        <Facts
          facts={[
            [t('files.writer'), metadata.writer],
            [t('files.title'), metadata.title],
            [t('files.base'), [metadata.base.name, metadata.base.version].filter(Boolean).join(' · ')],
            [t('files.trained'), metadata.session.startedAt],
            [t('files.tensors'), `${integer(model.tensors)} (${integer(model.parameters)})`],
            [
              t('files.precision'),
              Object.entries(model.dtypes)
                .map(([name, count]) => `${name} × ${integer(count)}`)
                .join(', '),
            ],
            [
              t('files.commit'),
              metadata.commit && <code className="font-mono text-xs">{metadata.commit.slice(0, 12)}</code>,
            ],
            [t('files.comment'), metadata.comment],
          ]}
        />
      </div>
      {metadata.settings.length > 0 && (
        <Fold title={`${t('run.settings')} (${metadata.settings.length})`}>
          <Facts
            facts={metadata.settings.map(({ key, value }) => [
              <code key={key} className="font-mono text-xs">
                {key}
              </code>,
              <span key="value" className="font-mono text-xs">
                {valueText(value)}
              </span>,
            ])}
          />
        </Fold>
      )}
      {model.blocks.length > 0 && (
        <Fold title={`${t('files.blocks')} (${model.blocks.length})`}>
          <table className="w-full text-xs">
            <thead className="text-left text-ink-3">
              <tr>
                <th scope="col" className="font-normal">
                  {t('files.block')}
                </th>
                <th scope="col" className="text-right font-normal">
                  {t('files.modules')}
                </th>
                <th scope="col" className="text-right font-normal">
                  {t('files.rank')}
                </th>
                <th scope="col" className="text-right font-normal">
                  {t('files.parameters')}
                </th>
              </tr>
            </thead>
            <tbody>
              {model.blocks.map((block) => (
                <tr key={block.name} className="border-t border-line">
                  <th scope="row" className="py-1 text-left font-mono font-normal">
                    {block.name}
                  </th>
                  <td className="text-right tabular-nums">{integer(block.modules)}</td>
                  <td className="text-right tabular-nums">{block.ranks.join(', ')}</td>
                  <td className="text-right tabular-nums">{integer(block.parameters)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Fold>
      )}
      {metadata.tags.length > 0 && (
        <Fold title={`${t('dataset.tags')} (${metadata.tags.length})`}>
          <ul className="flex flex-wrap gap-1.5 text-xs">
            {metadata.tags.slice(0, 200).map(({ tag, count }) => (
              <li key={tag} className="rounded-full bg-sunken px-2 py-0.5">
                {tag} <span className="text-ink-3">{count}</span>
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  );
}
