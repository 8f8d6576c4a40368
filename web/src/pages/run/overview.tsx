import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { valueText } from '../../lib/config-value.ts';
import { bytes, duration, integer, moment, percent, value } from '../../lib/format.ts';
import { useProgress } from '../../lib/live.ts';
import { shortPath } from '../../lib/paths.ts';
import { useSay } from '../../said/said.ts';
import { classes } from '../../ui/classes.ts';
import { Copy } from '../../ui/copy.tsx';
import { Facts } from '../../ui/facts.tsx';
import { later } from '../../ui/later.tsx';
import { Card, Section, Skeleton } from '../../ui/page.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { NotRecorded } from '../../ui/unknown.tsx';
import { useListed } from './address.ts';

const LossChart = later(() => import('./loss-chart.tsx'), <Skeleton className="h-[17.875rem] max-sm:h-[19.5rem]" />);

type Run = Answer<'showRun'>;

/** The settings that people ask for first. */
const headline = [
  'learning_rate',
  'unet_lr',
  'text_encoder_lr',
  'optimizer_type',
  'lr_scheduler',
  'network_module',
  'network_dim',
  'network_alpha',
  'train_batch_size',
  'max_train_steps',
  'max_train_epochs',
  'resolution',
  'seed',
];

export default function Overview({ run }: { run: Run }) {
  const { t } = useTranslation();
  const isRunning = run.status === 'running';
  const unknown = <NotRecorded />;
  const settings = headline.flatMap((key) => {
    const found = run.settings.find((setting) => setting.key === key && setting.ignored === undefined);
    return found && found.value !== null ? [[key, valueText(found.value)] as const] : [];
  });
  return (
    <div className="grid grid-cols-1 gap-x-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="min-w-0">
        {run.diagnosis ? <Diagnosis run={run} /> : run.status === 'lost' && <Lost run={run} />}
        {run.status === 'running' && <Running run={run} />}
        <Section title={t('run.loss')} id="loss">
          <Card className="p-4">
            <LossChart run={run.id} />
          </Card>
        </Section>
        <LastSamples run={run} />
        <Warnings run={run} />
      </div>
      <aside className="min-w-0">
        {(run.reason || run.verdictWhy) && (
          <Section title={t('run.said')} id="said">
            <Facts
              facts={[
                [t('run.reason'), written(run.reason)],
                [t('run.verdict'), written(run.verdictWhy)],
              ]}
            />
          </Section>
        )}
        <Section title={t('run.outcome')} id="outcome">
          <Facts
            facts={[
              [t('run.started'), moment(run.startedAt)],
              ...(isRunning
                ? []
                : [
                    [t('run.ended'), run.endedAt ? moment(run.endedAt) : unknown] as const,
                    [
                      t('run.took'),
                      run.endedAt
                        ? duration(Math.max(0, Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000)
                        : unknown,
                    ] as const,
                    [t('run.steps'), run.progress?.step != null ? stepText(run.progress) : unknown] as const,
                  ]),
              [t('run.lossLast'), run.progress?.loss != null ? value(run.progress.loss) : !isRunning && unknown],
              [t('run.exit'), run.signal ?? (run.exitCode !== null ? String(run.exitCode) : !isRunning && unknown)],
              [t('runs.column.trainer'), run.trainer ?? unknown],
              [t('runs.column.host'), run.host],
              ['GPU', run.environment ? run.environment.gpus.map(({ name }) => name).join(', ') : unknown],
              [t('run.output'), run.outputDir && <Copy text={run.outputDir} shown={shortPath(run.outputDir)} />],
              ['id', <Copy key="id" text={run.id} shown={run.id} />],
            ]}
          />
        </Section>
        {settings.length > 0 && (
          <Section
            title={t('run.settings')}
            id="settings"
            aside={
              <Link to="." search={{ tab: 'inputs' }} className="hover:text-ink">
                {t('run.allSettings')}
              </Link>
            }
          >
            <Facts
              facts={settings.map(([key, text]) => [
                <code key={key} className="font-mono text-xs">
                  {key}
                </code>,
                <span key="v" className="font-mono text-xs">
                  {text}
                </span>,
              ])}
            />
          </Section>
        )}
        {run.machine && <Machine use={run.machine} />}
        {run.dataset && (
          <Section
            title={t('run.dataset')}
            id="dataset"
            aside={
              <Link to="/runs/$run/dataset" params={{ run: run.id }} className="hover:text-ink">
                {t('run.openDataset')}
              </Link>
            }
          >
            <Facts
              facts={[
                [t('run.images'), integer(run.dataset.images)],
                [t('run.captions'), integer(run.dataset.captions)],
              ]}
            />
          </Section>
        )}
      </aside>
    </div>
  );
}

function lastOf<Made extends { step: number | null; epoch: number | null }>(all: readonly Made[]): Made[] {
  const at = ({ step, epoch }: Made) => step ?? epoch ?? 0;
  const last = Math.max(...all.map(at));
  return all.filter((each) => at(each) === last);
}

/** What the run took of its machine. */
function Machine({ use }: { use: NonNullable<Run['machine']> }) {
  const { t } = useTranslation();
  const gpus = use.gpus.filter(({ used }) => used);
  const wattHours = gpus.reduce((sum, gpu) => sum + (gpu.wattHours ?? 0), 0);
  const most = (peak: number | null, all: number | null) =>
    peak === null ? null : all === null ? bytes(peak) : t('run.mostOf', { most: bytes(peak), all: bytes(all) });
  return (
    <Section title={t('chart.group.machine')} id="machine">
      <Facts
        facts={[
          [t('run.gpuHours'), use.gpuHours === null ? null : value(use.gpuHours)],
          [t('run.cost'), use.cost && `${value(use.cost.amount)} ${use.cost.currency}`],
          [t('run.energy'), wattHours > 0 ? `${value(wattHours / 1000)} kWh` : null],
          ...gpus.map(
            (gpu) =>
              [
                gpu.name ?? `GPU ${gpu.index}`,
                [
                  gpu.utilisation === null ? null : percent(gpu.utilisation / 100),
                  most(gpu.memoryPeak, gpu.memoryBytes),
                  gpu.temperaturePeak === null ? null : `${value(gpu.temperaturePeak)} °C`,
                ]
                  .filter((part) => part !== null)
                  .join(', '),
              ] as const,
          ),
          [t('inputs.memory'), most(use.memoryPeak, use.memoryBytes)],
          [t('run.trainerMemory'), use.processMemoryPeak === null ? null : bytes(use.processMemoryPeak)],
          [t('run.diskLeast'), use.diskFreeLeast === null ? null : bytes(use.diskFreeLeast)],
        ]}
      />
    </Section>
  );
}

function stepText({ step, total }: { step: number | null; total: number | null }): string {
  if (step === null) return '';
  return total === null || step >= total ? integer(step) : `${integer(step)} / ${integer(total)}`;
}

function Diagnosis({ run }: { run: Run }) {
  const { t } = useTranslation();
  const say = useSay();
  const isBad = run.status !== 'succeeded';
  return (
    <section
      aria-label={t('run.diagnosis')}
      className={classes(
        'mb-6 flex gap-3 rounded-xl border px-4 py-3',
        isBad ? 'border-bad/30 bg-bad-soft' : 'border-warn/30 bg-warn-soft',
      )}
    >
      <CircleAlert className={classes('mt-0.5 size-5 shrink-0', isBad ? 'text-bad' : 'text-warn')} aria-hidden />
      <div className="min-w-0 text-sm">
        <p className={classes('font-medium break-words', isBad ? 'text-bad' : 'text-warn')}>
          {run.diagnosis && say(run.diagnosis.message)}
        </p>
        {run.diagnosis?.hint && (
          <p className="mt-1 break-words text-ink">
            <span className="font-medium">{t('run.remedy')}</span> {say(run.diagnosis.hint)}
          </p>
        )}
        <Link
          to="."
          search={{ tab: 'log', warnings: true }}
          className="mt-1.5 inline-flex min-h-6.5 items-center underline decoration-line-strong underline-offset-2 hover:text-ink"
        >
          {t('run.inLog')}
        </Link>
      </div>
    </section>
  );
}

/** A run of which nobody knows how it ended says so. */
function Lost({ run }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <div className="mb-6 rounded-xl border border-line bg-panel px-4 py-3 text-sm">
      <p className="font-medium">{t('run.lost')}</p>
      <p className="mt-1 text-ink-2">{t(run.imported ? 'run.lostImported' : 'run.lostHint')}</p>
    </div>
  );
}

function Running({ run }: { run: Run }) {
  const { t } = useTranslation();
  const progress = useProgress(run.id) ?? run.progress;
  const step = progress?.step ?? null;
  const total = progress?.total ?? null;
  const left =
    progress?.eta ?? (step !== null && total !== null && progress?.rate ? (total - step) / progress.rate : null);
  return (
    <Card className="mb-6 p-4">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
        <span className="font-medium">{progress ? t(`phase.${progress.phase}`) : t('status.running')}</span>
        {step !== null && <span className="tabular-nums">{stepText({ step, total })}</span>}
        {progress?.rate && <span className="text-ink-2">{t('run.rate', { rate: value(progress.rate) })}</span>}
        {left !== null && (
          <span className="ml-auto text-ink-2">{t('runs.left', { time: duration(Math.max(0, left)) })}</span>
        )}
      </div>
      <ProgressBar
        fraction={step !== null && total ? step / total : 0}
        label={t('runs.progress', { step: integer(step ?? 0), total: integer(total ?? 0) })}
      />
    </Card>
  );
}

/** The samples of the last step that has some. As long as they are asked for, as many places are kept. */
function LastSamples({ run: { id: run, artifacts } }: { run: Run }) {
  const { t } = useTranslation();
  const blurred = useBlur();
  const { data } = useQuery(ask.samples(run));
  const shown = lastOf((data?.samples ?? []).filter(({ preview }) => preview)).slice(0, 6);
  const awaited = data ? [] : lastOf(artifacts.filter(({ kind }) => kind === 'sample')).slice(0, 6);
  if (shown.length + awaited.length === 0) return null;
  return (
    <Section
      title={t('run.lastSamples')}
      id="last-samples"
      aside={
        <Link to="." search={{ tab: 'samples' }} className="hover:text-ink">
          {t('run.allSamples')}
        </Link>
      }
    >
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        {awaited.map(({ path }) => (
          <li key={path}>
            <Skeleton className="mb-5 aspect-square" />
          </li>
        ))}
        {shown.map((sample) => (
          <li key={sample.id} className="min-w-0">
            <div className="aspect-square overflow-hidden rounded-lg bg-sunken">
              <img
                src={addressOf('samplePreview', { run, sample: sample.id })}
                alt={sample.text ?? sample.name}
                loading="lazy"
                className={classes('size-full object-contain', blurred && blurClass)}
              />
            </div>
            <p className="written mt-1 truncate text-xs text-ink-3">{sample.text ?? sample.name}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Warnings({ run }: { run: Run }) {
  const { t } = useTranslation();
  const [open, put] = useListed('open');
  const all = open.has('warnings');
  const say = useSay();
  const shown = all ? run.warnings : run.warnings.slice(0, 4);
  if (run.warnings.length === 0) return null;
  return (
    <Section title={t('run.warnings')} id="warnings">
      <ul className="space-y-2">
        {shown.map((warning) => (
          <li key={warning.message} className="flex gap-3 rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm">
            <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
            <div className="min-w-0 break-words">
              {say(warning.message)}
              {warning.hint && <div className="text-ink-2">{say(warning.hint)}</div>}
            </div>
          </li>
        ))}
      </ul>
      {run.warnings.length > shown.length && (
        <button
          type="button"
          onClick={() => put('warnings', true)}
          className="mt-2 text-sm text-accent hover:underline"
        >
          {t('run.moreWarnings', { count: run.warnings.length - shown.length })}
        </button>
      )}
    </Section>
  );
}

const written = (text: string | null) => text && <p className="written">{text}</p>;
