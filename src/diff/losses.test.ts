import { describe, expect, it } from 'vitest';
import type { ConfigValue, DatasetState, Setting } from '../model/facts.ts';
import { lossDifferences } from './losses.ts';

const set = (settings: Record<string, ConfigValue>, sha256: string | null = null) => ({
  settings: Object.entries(settings).map(
    ([key, value]): Setting => ({ key, value, source: { kind: 'argument' }, effective: true, known: true }),
  ),
  dataset: { sha256 } as DatasetState,
  files: [],
});

describe('losses', () => {
  it('can be compared where only what steers the training differs', () => {
    expect(lossDifferences([set({ learning_rate: 1e-4, seed: 1 }), set({ learning_rate: 5e-5, seed: 2 })])).toEqual([]);
  });

  it('cannot be compared across another loss, weight or batch', () => {
    expect(lossDifferences([set({ loss_type: 'l2', train_batch_size: 1 }), set({ loss_type: 'huber' })])).toEqual([
      { subject: 'loss_type', values: ['l2', 'huber'] },
      { subject: 'train_batch_size', values: [1, null] },
    ]);
  });

  it('cannot be compared across datasets that are known to differ, and only those', () => {
    expect(lossDifferences([set({}, 'a'), set({}, 'b')])).toEqual([{ subject: 'dataset', values: ['a', 'b'] }]);
    expect(lossDifferences([set({}, 'a'), set({}, null)])).toEqual([]);
  });
});
