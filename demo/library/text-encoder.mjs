/**
 * The demo's text encoder: every word is a fixed random direction, a text the sum of its words, words of
 * earlier tags a little stronger. It is not trained.
 */
import { hashText, Random } from './random.mjs';

/** @param {string} caption comma-separated */
export function tagsOf(caption) {
  return caption
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

/**
 * @param {readonly string[]} tags
 * @param {number} size
 * @returns {Float32Array} of the given size and of length √size; zero for no words
 */
export function encodeTags(tags, size) {
  const sum = new Float32Array(size);
  tags.forEach((tag, position) => {
    for (const word of tag.toLowerCase().split(/\s+/)) {
      const direction = new Random(hashText(word)).normals(size, 1 / (1 + 0.1 * position));
      for (let i = 0; i < size; i++) sum[i] = (sum[i] ?? 0) + (direction[i] ?? 0);
    }
  });
  const length = Math.hypot(...sum);
  return length === 0 ? sum : sum.map((value) => (value / length) * Math.sqrt(size));
}
