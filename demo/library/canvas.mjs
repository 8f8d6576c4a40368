/** Between pictures of 0–255 and the model's values of −1 to 1. */

/** @typedef {import('./png.mjs').Picture} Picture */

/**
 * Bilinear.
 * @param {Picture} picture
 * @param {number} width
 * @param {number} height
 * @returns {Picture}
 */
export function resized(picture, width, height) {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const [top, bottom, downShare] = neighbours(y, height, picture.height);
    for (let x = 0; x < width; x++) {
      const [left, right, rightShare] = neighbours(x, width, picture.width);
      for (let c = 0; c < 3; c++) {
        const at = (/** @type {number} */ row, /** @type {number} */ column) =>
          picture.rgb[(row * picture.width + column) * 3 + c] ?? 0;
        const above = at(top, left) * (1 - rightShare) + at(top, right) * rightShare;
        const below = at(bottom, left) * (1 - rightShare) + at(bottom, right) * rightShare;
        rgb[(y * width + x) * 3 + c] = Math.round(above * (1 - downShare) + below * downShare);
      }
    }
  }
  return { width, height, rgb };
}

/**
 * The two source pixels around a target pixel's centre, and the share of the second.
 * @param {number} index
 * @param {number} size of the target
 * @param {number} sourceSize
 * @returns {[number, number, number]}
 */
function neighbours(index, size, sourceSize) {
  const centre = Math.min(sourceSize - 1, Math.max(0, ((index + 0.5) * sourceSize) / size - 0.5));
  const first = Math.floor(centre);
  return [first, Math.min(sourceSize - 1, first + 1), centre - first];
}

/** @param {Picture} picture */
export function toSigned({ rgb }) {
  return Float32Array.from(rgb, (value) => value / 127.5 - 1);
}

/**
 * @param {Float32Array} values −1 to 1; what is beyond is clipped, NaN is black
 * @param {number} width
 * @param {number} height
 * @returns {Picture}
 */
export function fromSigned(values, width, height) {
  const bytes = Uint8ClampedArray.from(values, (value) => (value + 1) * 127.5);
  return { width, height, rgb: new Uint8Array(bytes.buffer) };
}
