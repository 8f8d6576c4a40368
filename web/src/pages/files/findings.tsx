import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Answer, ExaminedModel } from '../../../../src/api/index.ts';
import { valueText } from '../../lib/config-value.ts';
import { integer, moment } from '../../lib/format.ts';
import { useSay } from '../../said/said.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Copy } from '../../ui/copy.tsx';
import { Facts } from '../../ui/facts.tsx';

type Found = Answer<'examine'>;
type Origin = Pick<Found, 'run' | 'step' | 'epoch' | 'final' | 'sure' | 'why' | 'others'>;

const longestText = 5000;
const tones: Record<NonNullable<Origin['sure']>, Tone> = { certain: 'good', likely: 'info', guess: 'warn' };

/** What a file is, and which run made it. */
export function Findings({ found }: { found: Found }) {
  const { t } = useTranslation();
  return (
    <>
      <OriginLine origin={found} isPicture={found.kind === 'image'} />
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
                <dd className="font-mono break-words whitespace-pre-wrap">{text.slice(0, longestText)}</dd>
              </div>
            ))}
          </dl>
        </Fold>
      )}
    </>
  );
}

function OriginLine({ origin, isPicture = false }: { origin: Origin; isPicture?: boolean }) {
  const { t } = useTranslation();
  const say = useSay();
  const { run, step, epoch } = origin;
  if (!run) return <p className="text-sm text-ink-2">{say(origin.why)}</p>;
  const place = step !== null ? t('samples.step', { step }) : epoch !== null ? t('samples.epoch', { epoch }) : null;
  return (
    <div className="text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link to="/runs/$run" params={{ run: run.id }} className="font-medium text-accent hover:underline">
          {run.name}
        </Link>
        {place &&
          (isPicture ? (
            <Link
              to="/samples"
              search={{ run: [run.id], ...(step !== null ? { step } : epoch !== null ? { epoch } : {}) }}
              className="text-accent hover:underline"
            >
              {place}
            </Link>
          ) : (
            <span>{place}</span>
          ))}
        {origin.final && <Badge tone="good">{t('checkpoints.final')}</Badge>}
        {origin.sure && <Badge tone={tones[origin.sure]}>{t(`files.sure.${origin.sure}`)}</Badge>}
        <span className="text-ink-3">{say(origin.why)}</span>
      </p>
      {origin.others.length > 0 && (
        <p className="mt-1 flex flex-wrap gap-x-2 text-xs text-ink-3">
          {t('files.others')}
          {origin.others.slice(0, mostOthers).map((other) => (
            <Link key={other.id} to="/runs/$run" params={{ run: other.id }} className="text-accent hover:underline">
              {other.name}
            </Link>
          ))}
          {origin.others.length > mostOthers && (
            <span>{t('run.moreWarnings', { count: origin.others.length - mostOthers })}</span>
          )}
        </p>
      )}
    </div>
  );
}

const mostOthers = 5;

function Fold({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <details className="mt-3">
      <summary className="cursor-pointer text-sm text-ink-2 hover:text-ink">{title}</summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}

/** A header may say anything. */
const timeText = (text: string | null) => (text !== null && !Number.isNaN(Date.parse(text)) ? moment(text) : text);

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
            [t('files.trained'), timeText(metadata.session.startedAt)],
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
      {Object.keys(model.raw).length > 0 && (
        <Fold title={`${t('files.header')} (${Object.keys(model.raw).length})`}>
          <Copy text={JSON.stringify(model.raw, null, 2)} shown="JSON" />
          <dl className="mt-2 space-y-1.5 text-xs">
            {Object.entries(model.raw).map(([key, text]) => (
              <div key={key}>
                <dt className="font-mono text-ink-3">{key}</dt>
                <dd className="font-mono break-all whitespace-pre-wrap">{text.slice(0, longestText)}</dd>
              </div>
            ))}
          </dl>
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
