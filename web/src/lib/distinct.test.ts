import { expect, it } from 'vitest';
import { distinct } from './distinct.ts';

it('tells runs of one name apart by the beginning of their ids, and leaves the others as they are', () => {
  const runs = [
    { id: '01M852ZDZX7N3T0V5M1Q8B2C4D', name: 'kumo', step: 1 },
    { id: '01M853PW3W0A6R2Y9K4H7E5F8G', name: 'kumo', step: 2 },
    { id: '01M8B8C18EEQ1DDHZYWKEB63G9', name: 'wolf', step: 3 },
  ];
  expect(distinct(runs)).toEqual([
    { ...runs[0], name: 'kumo 01M852ZDZX' },
    { ...runs[1], name: 'kumo 01M853PW3W' },
    runs[2],
  ]);
});
