/**
 * The model: a picture is W·c for a caption c, with W = W₀ + (α/r)·G·B·A. The base W₀ is frozen; A (r × c)
 * and B (pixels × r) are the adapter, with A random and B zero at the start, as in LoRA.
 */

/** Side of the square picture, in pixels. */
export const side = 64;
/** Values a picture has: three channels, −1 to 1. */
export const pictureSize = side * side * 3;

/** How far a step of the adapter moves the picture; plays the part of the network's depth. */
const gain = 128;

export class LowRankModel {
  /**
   * @param {Float32Array} base row by row, one row a picture value
   * @param {number} inputs values of a caption
   * @param {number} rank
   * @param {number} alpha
   * @param {import('./random.mjs').Random} random for A
   */
  constructor(base, inputs, rank, alpha, random) {
    this.base = base;
    this.inputs = inputs;
    this.rank = rank;
    this.alpha = alpha;
    this.down = random.normals(rank * inputs, 1 / Math.sqrt(inputs));
    this.up = new Float32Array(pictureSize * rank);
    this.downGradient = new Float32Array(this.down.length);
    this.upGradient = new Float32Array(this.up.length);
  }

  get scale() {
    return (this.alpha / this.rank) * gain;
  }

  /** @param {Float32Array} caption */
  #inner(caption) {
    const inner = new Float32Array(this.rank);
    for (let r = 0; r < this.rank; r++) {
      let sum = 0;
      for (let i = 0; i < this.inputs; i++) sum += (this.down[r * this.inputs + i] ?? 0) * (caption[i] ?? 0);
      inner[r] = sum;
    }
    return inner;
  }

  /**
   * What the frozen base makes of a caption; it does not change in training.
   * @param {Float32Array} caption
   */
  basePicture(caption) {
    const picture = new Float32Array(pictureSize);
    for (let p = 0; p < pictureSize; p++) {
      let sum = 0;
      for (let i = 0; i < this.inputs; i++) sum += (this.base[p * this.inputs + i] ?? 0) * (caption[i] ?? 0);
      picture[p] = sum;
    }
    return picture;
  }

  /**
   * @param {Float32Array} caption
   * @param {Float32Array} [basePicture]
   */
  picture(caption, basePicture = this.basePicture(caption)) {
    const inner = this.#inner(caption);
    const picture = Float32Array.from(basePicture);
    for (let p = 0; p < pictureSize; p++) {
      let sum = 0;
      for (let r = 0; r < this.rank; r++) sum += (this.up[p * this.rank + r] ?? 0) * (inner[r] ?? 0);
      picture[p] = (picture[p] ?? 0) + this.scale * sum;
    }
    return picture;
  }

  clearGradients() {
    this.downGradient.fill(0);
    this.upGradient.fill(0);
  }

  /**
   * Adds the gradients of the mean squared error between the picture of a caption and a target.
   * @param {Float32Array} caption
   * @param {Float32Array} basePicture
   * @param {Float32Array} target
   * @param {number} share of this example in the batch
   * @returns {number} the mean squared error
   */
  learn(caption, basePicture, target, share) {
    const inner = this.#inner(caption);
    const picture = this.picture(caption, basePicture);
    const innerGradient = new Float32Array(this.rank);
    const weight = (2 / pictureSize) * this.scale * share;
    let squares = 0;
    for (let p = 0; p < pictureSize; p++) {
      const error = (picture[p] ?? 0) - (target[p] ?? 0);
      squares += error * error;
      for (let r = 0; r < this.rank; r++) {
        const at = p * this.rank + r;
        this.upGradient[at] = (this.upGradient[at] ?? 0) + weight * error * (inner[r] ?? 0);
        innerGradient[r] = (innerGradient[r] ?? 0) + weight * error * (this.up[at] ?? 0);
      }
    }
    for (let r = 0; r < this.rank; r++) {
      for (let i = 0; i < this.inputs; i++) {
        const at = r * this.inputs + i;
        this.downGradient[at] = (this.downGradient[at] ?? 0) + (innerGradient[r] ?? 0) * (caption[i] ?? 0);
      }
    }
    return squares / pictureSize;
  }

  /** The adapter as kohya's LoRA files name it. */
  tensors() {
    const name = 'lora_unet_conv_out';
    return [
      { name: `${name}.alpha`, shape: [], values: Float32Array.of(this.alpha) },
      { name: `${name}.lora_down.weight`, shape: [this.rank, this.inputs], values: this.down },
      { name: `${name}.lora_up.weight`, shape: [pictureSize, this.rank], values: this.up },
    ];
  }
}
