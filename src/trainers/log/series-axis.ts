import type { SeriesAxis } from '../../model/metrics.ts';

/** Tags whose writer gives the epoch where others give the step: sd-scripts and musubi-tuner, and diffusion-pipe. */
const byEpoch = /^(?:loss\/(?:validation\/)?epoch(?:_average|_divergence)?|train\/epoch_loss)$/;

export function axisOf(tag: string): SeriesAxis {
  return byEpoch.test(tag) ? 'epoch' : 'step';
}
