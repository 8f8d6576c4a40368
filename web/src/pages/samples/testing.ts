/** Samples for tests. */
import type { SampleRow } from '../../../../src/api/index.ts';

export const sample = (of: Partial<SampleRow>): SampleRow => ({
  id: 'a'.repeat(32),
  name: 'x.png',
  step: null,
  epoch: null,
  bytes: 1,
  at: null,
  goneAt: null,
  prompt: 0,
  seed: null,
  text: null,
  width: 64,
  height: 64,
  preview: true,
  original: true,
  ...of,
});
