import { describe, expect, it } from 'vitest';
import { chartGroups } from './groups.ts';

describe('the charts of a run', () => {
  it('begin with the losses, and end with the machine', () => {
    const groups = chartGroups(['machine/cpu', 'lr/unet', 'norm/avg_key_norm', 'loss/current', 'grad', 'loss/average']);
    expect(groups.map(({ name }) => name)).toEqual(['loss', 'lr', 'norm', 'grad', 'machine']);
    expect(groups[0]?.charts.map(({ tags }) => tags)).toEqual([['loss/current'], ['loss/average']]);
  });

  it('have the learning rates together, without those that only repeat them', () => {
    expect(chartGroups(['lr/unet', 'lr/textencoder', 'lr/group0', 'lr/group1'])[0]?.charts).toEqual([
      { title: 'lr', tags: ['lr/unet', 'lr/textencoder'] },
    ]);
    expect(chartGroups(['lr/group0', 'lr/group1'])[0]?.charts[0]?.tags).toEqual(['lr/group0', 'lr/group1']);
  });

  it('have the same measure of several GPUs together', () => {
    expect(chartGroups(['machine/gpu0/memory', 'machine/gpu1/memory', 'machine/gpu0/power'])[0]?.charts).toEqual([
      { title: 'GPU memory', tags: ['machine/gpu0/memory', 'machine/gpu1/memory'] },
      { title: 'GPU power', tags: ['machine/gpu0/power'] },
    ]);
  });

  it('have beside what is used how much there is', () => {
    expect(chartGroups(['machine/memory', 'machine/memory-total'])[0]?.charts).toEqual([
      { title: 'memory', tags: ['machine/memory', 'machine/memory-total'] },
    ]);
  });
});
