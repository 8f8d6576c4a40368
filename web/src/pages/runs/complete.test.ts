import { describe, expect, it } from 'vitest';
import { completions } from './complete.ts';

const vocabulary = {
  fields: ['status', 'tag', 'since', 'verdict', 'loss'],
  numbers: ['loss'],
  choices: { status: ['running', 'succeeded', 'failed'], verdict: ['worked', 'failed', 'mixed', 'none'] },
  sorts: ['started'],
  tags: ['keeper', 'grey wolf'],
  families: ['noob-wolf'],
  models: [],
  datasets: [],
  trainers: [],
  hosts: [],
  settings: ['unet_lr', 'network_dim'],
  values: { network_dim: ['16', '8'], optimizer_type: ['AdamW', 'Prodigy'] },
};
const labels = (query: string, cursor = query.length) =>
  completions(query, cursor, vocabulary).map(({ label }) => label);

describe('completion of a query', () => {
  it('offers the words of the language and the settings that begin so', () => {
    expect(labels('st')).toEqual(['status:']);
    expect(labels('u')).toEqual(['unet_lr=', 'status:']);
  });

  it('offers the values of a word', () => {
    expect(labels('wolf status:')).toEqual(['status:running', 'status:succeeded', 'status:failed']);
    expect(labels('verdict:m')).toEqual(['verdict:mixed']);
  });

  it('puts in quotes what has a space', () => {
    expect(labels('tag:wolf')).toEqual(['tag:"grey wolf"']);
  });

  it('takes a value behind a minus, leaves the rest of the query, and puts the cursor behind it', () => {
    expect(completions('-tag:kee lr>1e-4', 8, vocabulary)).toEqual([
      { label: 'tag:keeper', query: '-tag:keeper lr>1e-4', cursor: 11 },
    ]);
  });

  it('offers the ways in which a number or a setting is compared', () => {
    expect(labels('network_dim')).toEqual(['network_dim=', 'network_dim>', 'network_dim<', 'network_dim!=']);
    expect(labels('loss')).toEqual(['loss:', 'loss=', 'loss>', 'loss<', 'loss!=']);
  });

  it('offers what settings were set to, moments, and further values behind a comma', () => {
    expect(labels('network_dim>')).toEqual(['network_dim>16', 'network_dim>8']);
    expect(labels('optimizer_type=p')).toEqual(['optimizer_type=Prodigy']);
    expect(labels('since:7')).toEqual(['since:7d']);
    expect(labels('verdict:worked,mi')).toEqual(['verdict:worked,mixed']);
    expect(labels('tag:"grey w')).toEqual(['tag:"grey wolf"']);
  });

  it('has nothing for what is typed in full', () => {
    expect(labels('verdict:mixed')).toEqual([]);
  });
});
