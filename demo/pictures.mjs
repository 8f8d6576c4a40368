/** The demo's dataset: a wolf on a hill, painted by formula at eight times of day. */

/** @typedef {import('./library/png.mjs').Picture} Picture */
/** @typedef {readonly [number, number, number]} Colour */
/**
 * @typedef {object} Scene
 * @property {string} caption
 * @property {Colour} zenith
 * @property {Colour} horizon
 * @property {Colour} ground
 * @property {Colour} light colour of sun or moon
 * @property {readonly [number, number, number]} disc centre and radius, of the picture's side
 */

/** Outline of a howling wolf, sitting, in units of its height; y grows downwards. */
const wolf = /** @type {const} */ ([
  [0.5, 0.0],
  [0.56, 0.03],
  [0.55, 0.12],
  [0.53, 0.2],
  [0.52, 0.3],
  [0.5, 0.42],
  [0.51, 0.56],
  [0.5, 0.7],
  [0.52, 0.88],
  [0.57, 0.98],
  [0.44, 1.0],
  [0.43, 0.85],
  [0.4, 0.72],
  [0.37, 0.8],
  [0.38, 0.93],
  [0.42, 1.0],
  [0.14, 1.0],
  [0.02, 0.95],
  [-0.06, 0.84],
  [-0.04, 0.8],
  [0.04, 0.88],
  [0.1, 0.9],
  [0.1, 0.76],
  [0.15, 0.62],
  [0.22, 0.48],
  [0.28, 0.34],
  [0.31, 0.22],
  [0.27, 0.12],
  [0.36, 0.14],
  [0.42, 0.1],
]);

/** @type {readonly Scene[]} */
export const scenes = [
  {
    caption: 'grey wolf, howling, full moon, night sky, blue light',
    zenith: [12, 18, 52],
    horizon: [46, 74, 128],
    ground: [10, 14, 30],
    light: [244, 240, 214],
    disc: [0.7, 0.3, 0.17],
  },
  {
    caption: 'grey wolf, howling, sunset, orange sky, warm light',
    zenith: [92, 42, 96],
    horizon: [250, 146, 62],
    ground: [44, 22, 34],
    light: [255, 226, 150],
    disc: [0.68, 0.56, 0.16],
  },
  {
    caption: 'grey wolf, howling, dawn, pink sky, mist',
    zenith: [126, 150, 200],
    horizon: [250, 190, 196],
    ground: [70, 66, 96],
    light: [255, 240, 224],
    disc: [0.72, 0.5, 0.12],
  },
  {
    caption: 'grey wolf, howling, snow, winter, pale sky',
    zenith: [150, 182, 214],
    horizon: [226, 236, 244],
    ground: [238, 244, 250],
    light: [255, 252, 236],
    disc: [0.7, 0.28, 0.1],
  },
  {
    caption: 'grey wolf, howling, northern lights, night sky, green light',
    zenith: [8, 20, 44],
    horizon: [44, 176, 122],
    ground: [8, 22, 26],
    light: [206, 246, 226],
    disc: [0.74, 0.24, 0.07],
  },
  {
    caption: 'grey wolf, howling, autumn, golden sky, hills',
    zenith: [214, 160, 84],
    horizon: [250, 222, 158],
    ground: [122, 62, 26],
    light: [255, 246, 214],
    disc: [0.7, 0.38, 0.13],
  },
  {
    caption: 'grey wolf, howling, blood moon, night sky, red light',
    zenith: [26, 8, 20],
    horizon: [104, 24, 36],
    ground: [18, 6, 12],
    light: [226, 78, 58],
    disc: [0.68, 0.32, 0.19],
  },
  {
    caption: 'grey wolf, howling, noon, blue sky, green hills',
    zenith: [64, 134, 216],
    horizon: [186, 222, 246],
    ground: [66, 128, 62],
    light: [255, 250, 210],
    disc: [0.72, 0.2, 0.1],
  },
];

/**
 * @param {Scene} scene
 * @param {number} size side of the square, in pixels
 * @returns {Picture}
 */
export function paint(scene, size) {
  const rgb = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) rgb.set(smoothed(scene, x, y, size), (y * size + x) * 3);
  }
  return { width: size, height: size, rgb };
}

const channels = /** @type {const} */ ([0, 1, 2]);

/**
 * Mean of nine points of a pixel, so that edges are soft.
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
function smoothed(scene, x, y, size) {
  const sum = [0, 0, 0];
  for (const dy of [1, 3, 5]) {
    for (const dx of [1, 3, 5]) {
      const colour = colourAt(scene, (x + dx / 6) / size, (y + dy / 6) / size);
      for (const c of channels) sum[c] = (sum[c] ?? 0) + colour[c];
    }
  }
  return sum.map((value) => Math.round(value / 9));
}

/**
 * @param {Scene} scene
 * @param {number} x 0 to 1
 * @param {number} y 0 to 1, downwards
 * @returns {Colour}
 */
function colourAt({ zenith, horizon, ground, light, disc }, x, y) {
  const hill = 0.8 - 0.06 * Math.cos((x - 0.4) * 5);
  const far = 0.74 - 0.05 * Math.sin(x * 9 + 1) - 0.03 * Math.sin(x * 23);
  if (inWolf((x - 0.2) / 0.5, (y - 0.24) / 0.54)) return mix(ground, [54, 58, 66], luminance(ground) > 60 ? 0.9 : 0.25);
  if (y > hill) return mix(ground, [0, 0, 0], Math.min(0.5, (y - hill) * 2));
  const sky = mix(zenith, horizon, Math.min(1, y / 0.74));
  if (y > far) return mix(sky, ground, 0.55);
  const distance = Math.hypot(x - disc[0], y - disc[1]) / disc[2];
  return distance < 1 ? light : mix(sky, light, 0.5 * Math.exp(-2.2 * (distance - 1)));
}

/**
 * @param {Colour} a
 * @param {Colour} b
 * @param {number} share of b
 * @returns {Colour}
 */
function mix(a, b, share) {
  const at = (/** @type {0 | 1 | 2} */ c) => a[c] + (b[c] - a[c]) * share;
  return [at(0), at(1), at(2)];
}

/** @param {Colour} colour */
function luminance([red, green, blue]) {
  return 0.3 * red + 0.6 * green + 0.1 * blue;
}

/**
 * Even–odd rule.
 * @param {number} x
 * @param {number} y
 */
function inWolf(x, y) {
  let inside = false;
  let [lastX, lastY] = /** @type {readonly [number, number]} */ (wolf.at(-1));
  for (const [pointX, pointY] of wolf) {
    if (pointY > y !== lastY > y && x < ((lastX - pointX) * (y - pointY)) / (lastY - pointY) + pointX) inside = !inside;
    [lastX, lastY] = [pointX, pointY];
  }
  return inside;
}
