import { describe, expect, it } from 'vitest';
import { fitColumns, gridTemplate, shownColumns } from './columns.ts';

describe('the columns of the list', () => {
  it('have the settings that differ most behind the loss', () => {
    expect(shownColumns(undefined, ['unet_lr', 'network_dim', 'seed'])).toEqual([
      'reason',
      'tags',
      'status',
      'curve',
      'loss',
      'setting:unet_lr',
      'setting:network_dim',
      'setting:seed',
      'verdict',
      'duration',
      'when',
    ]);
  });

  it('are as they were chosen, in their order, without what is none', () => {
    expect(shownColumns('when,setting:unet_lr,frob', ['seed'])).toEqual(['when', 'setting:unet_lr']);
  });

  it('have more settings where there is room for everything, which go before how long it took', () => {
    const many = shownColumns(undefined, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
    expect(many.filter((name) => name.startsWith('setting:'))).toHaveLength(8);
    expect(fitColumns(many, 82)).toEqual(shownColumns(undefined, ['a', 'b', 'c']).slice(2));
  });

  it('leave what they do not need to the name', () => {
    expect(gridTemplate(['loss', 'setting:unet_lr'])).toBe('minmax(0, 1fr) 4.5rem 6.5rem');
  });

  it('are as many as there is room for: status and when stay longest', () => {
    const all = shownColumns(undefined, ['unet_lr', 'network_dim']);
    expect(fitColumns(all, 200)).toEqual(all);
    expect(fitColumns(all, 73)).toEqual(all.slice(2));
    expect(fitColumns(all, 60)).toEqual(['status', 'curve', 'loss', 'setting:unet_lr', 'verdict', 'when']);
    expect(fitColumns(all, 30)).toEqual(['status', 'loss']);
    expect(fitColumns(all, 20)).toEqual([]);
    expect(fitColumns([...all, 'host'], 60)).toEqual(['status', 'loss', 'verdict', 'when', 'host']);
  });
});
