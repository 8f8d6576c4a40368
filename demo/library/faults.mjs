/** What can go wrong in the middle of a training, on demand: `--demo_fault`. */
import { PythonError } from './failure.mjs';

/**
 * @param {string | null} fault `nan` poisons the weights, `oom` raises, `kill` ends the process as the
 *   kernel's OOM killer does
 * @param {import('./low-rank.mjs').LowRankModel} model
 */
export function strike(fault, model) {
  switch (fault) {
    case null:
      return;
    case 'nan':
      model.up.fill(Number.NaN);
      return;
    case 'oom':
      throw new PythonError(
        'torch.OutOfMemoryError',
        'CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.78 GiB of which 1.12 GiB is free.',
      );
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return;
    default:
      throw new PythonError('ValueError', `--demo_fault is nan, oom or kill, not ${fault}`);
  }
}
