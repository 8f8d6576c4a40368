/** Optimisers and learning-rate schedules, after PyTorch and diffusers. */
import { PythonError } from './failure.mjs';

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** Adam with decoupled weight decay (Loshchilov & Hutter); with decay 0, plain Adam. */
export class AdamW {
  /**
   * @param {{ values: Float32Array, gradient: Float32Array }[]} parameters changed in place
   * @param {number} decay
   */
  constructor(parameters, decay) {
    this.parameters = parameters.map((parameter) => ({
      ...parameter,
      mean: new Float32Array(parameter.values.length),
      square: new Float32Array(parameter.values.length),
    }));
    this.decay = decay;
    this.steps = 0;
  }

  /** @param {number} rate */
  step(rate) {
    this.steps++;
    const meanBias = 1 - beta1 ** this.steps;
    const squareBias = 1 - beta2 ** this.steps;
    for (const { values, gradient, mean, square } of this.parameters) {
      for (let i = 0; i < values.length; i++) {
        const slope = gradient[i] ?? 0;
        const m = beta1 * (mean[i] ?? 0) + (1 - beta1) * slope;
        const s = beta2 * (square[i] ?? 0) + (1 - beta2) * slope * slope;
        mean[i] = m;
        square[i] = s;
        const kept = (values[i] ?? 0) * (1 - rate * this.decay);
        values[i] = kept - (rate * (m / meanBias)) / (Math.sqrt(s / squareBias) + epsilon);
      }
    }
  }

  /**
   * Scales the gradients down together if their length is above the limit.
   * @param {number} limit none if 0
   */
  clip(limit) {
    let squares = 0;
    for (const { gradient } of this.parameters) for (const slope of gradient) squares += slope * slope;
    const length = Math.sqrt(squares);
    if (limit === 0 || length <= limit) return;
    for (const { gradient } of this.parameters) {
      for (let i = 0; i < gradient.length; i++) gradient[i] = ((gradient[i] ?? 0) * limit) / length;
    }
  }
}

const optimizers = new Map([
  ['adamw', { name: 'torch.optim.adamw.AdamW', decay: 0.01 }],
  ['adam', { name: 'torch.optim.adam.Adam', decay: 0 }],
]);

/**
 * @param {string} type `--optimizer_type`
 * @returns {{ name: string, decay: number }} the class as the metadata names it, and its weight decay
 */
export function findOptimizer(type) {
  const found = optimizers.get(type.toLowerCase());
  if (found === undefined) throw new PythonError('AttributeError', `module 'torch.optim' has no attribute '${type}'`);
  return found;
}

/** @typedef {(step: number, total: number, warmup: number) => number} Schedule */

/** @type {Record<string, Schedule>} */
const schedules = {
  constant: () => 1,
  constant_with_warmup: () => 1,
  linear: (step, total, warmup) => (total - step) / Math.max(1, total - warmup),
  cosine: (step, total, warmup) => 0.5 * (1 + Math.cos((Math.PI * (step - warmup)) / Math.max(1, total - warmup))),
};

/**
 * @param {string} name `--lr_scheduler`
 * @param {number} total steps
 * @param {number} warmup steps in which the rate rises from zero
 * @returns {(step: number) => number} the factor on the learning rate before the 0-based step
 */
export function findSchedule(name, total, warmup) {
  const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
  if (schedule === undefined) throw new PythonError('ValueError', `'${name}' is not a valid SchedulerType`);
  if (name === 'constant') return () => 1;
  return (step) => (step < warmup ? step / Math.max(1, warmup) : Math.max(0, schedule(step, total, warmup)));
}
