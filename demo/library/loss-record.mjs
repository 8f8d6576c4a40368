/** The moving average that sd-scripts shows: each batch's latest loss, over one epoch's batches. */
export class LossRecord {
  /** @type {number[]} */
  #losses = [];

  /**
   * @param {number} epoch 0-based
   * @param {number} batch 0-based, in the epoch
   * @param {number} loss
   */
  add(epoch, batch, loss) {
    if (epoch === 0) this.#losses.push(loss);
    else this.#losses[batch] = loss;
  }

  get average() {
    return this.#losses.reduce((sum, loss) => sum + loss, 0) / this.#losses.length;
  }
}
