import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useTranslation } from 'react-i18next';
import { usePrevious } from '../pages/run/previous.ts';
import { Item } from './palette-item.tsx';
import { ask } from './queries.ts';

/** Where a run leads: its parts, its dataset and samples, the version before, its family. */
export function ThisRun({ run, go }: { run: string; go: (action: () => unknown) => () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const record = useQuery(ask.run(run)).data;
  const previous = usePrevious(run);
  return (
    <Command.Group heading={t('palette.thisRun')}>
      {(['overview', 'charts', 'samples', 'log', 'inputs', 'checkpoints', 'notes', 'journal'] as const).map((tab) => (
        <Item
          key={tab}
          value={`run tab ${tab} ${t(`run.tab.${tab}`)}`}
          onSelect={go(() => navigate({ to: '/runs/$run', params: { run }, search: { tab } }))}
        >
          {t(`run.tab.${tab}`)}
        </Item>
      ))}
      <Item
        value={`run dataset ${t('run.dataset')}`}
        onSelect={go(() => navigate({ to: '/runs/$run/dataset', params: { run } }))}
      >
        {t('run.dataset')}
      </Item>
      <Item
        value={`run matrix ${t('run.matrix')}`}
        onSelect={go(() => navigate({ to: '/samples', search: { run: [run] } }))}
      >
        {t('run.matrix')}
      </Item>
      {previous && (
        <Item
          value={`run compare ${t('run.comparePrevious', { name: previous.name })}`}
          onSelect={go(() => navigate({ to: '/compare', search: { run: [previous.id, run] } }))}
        >
          {t('run.comparePrevious', { name: previous.name })}
        </Item>
      )}
      {record && record.family !== '' && (
        <Item
          value={`run family ${t('palette.family', { name: record.family })}`}
          onSelect={go(() => navigate({ to: '/families/$family', params: { family: record.family } }))}
        >
          {t('palette.family', { name: record.family })}
        </Item>
      )}
    </Command.Group>
  );
}
