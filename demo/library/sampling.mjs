/** Sample images: noise drawn from the seed, led to the model's picture of the prompt in the steps asked for. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromSigned, resized } from './canvas.mjs';
import { localTime } from './local-time.mjs';
import { pictureSize, side } from './low-rank.mjs';
import { encodePng } from './png.mjs';
import { Random } from './random.mjs';
import { readSamplePrompts } from './sample-prompts.mjs';
import { log, ProgressBar } from './terminal.mjs';
import { encodeTags, tagsOf } from './text-encoder.mjs';

/** @typedef {import('./sample-prompts.mjs').SamplePrompt} SamplePrompt */
/** @typedef {import('./low-rank.mjs').LowRankModel} LowRankModel */

/** How far one step goes from where the picture is to where the model wants it. */
const pull = 0.3;
/** Weight of the negative prompt at a guidance scale of 1 above none. */
const repulsion = 0.02;

/**
 * One PNG a prompt in `<output_dir>/sample/`. The prompt file is read anew each time.
 * @param {LowRankModel} model
 * @param {import('./options.mjs').Options} options
 * @param {{ epoch: number | null, step: number }} moment with an epoch, files are named by it
 */
export function sampleImages(model, options, { epoch, step }) {
  if (options.sample_prompts === null || options.output_dir === null) return;
  log('');
  log(`generating sample images at step / サンプル画像生成 ステップ: ${step}`);
  const directory = join(options.output_dir, 'sample');
  mkdirSync(directory, { recursive: true });
  const moment = epoch === null ? String(step).padStart(6, '0') : `e${String(epoch).padStart(6, '0')}`;
  readSamplePrompts(options.sample_prompts).forEach((prompt, index) => {
    announce(prompt, options.sample_sampler);
    const picture = renderSample(model, prompt);
    const name = [
      ...(options.output_name === null ? [] : [options.output_name]),
      moment,
      String(index).padStart(2, '0'),
      localTime().digits,
      ...(prompt.seed === null ? [] : [prompt.seed]),
    ].join('_');
    writeFileSync(join(directory, `${name}.png`), encodePng(picture));
  });
}

/**
 * @param {SamplePrompt} prompt
 * @param {string} sampler
 */
function announce({ prompt, negative, width, height, steps, scale, seed }, sampler) {
  log(`prompt: ${prompt}`);
  log(`negative_prompt: ${negative}`);
  log(`height: ${height}`);
  log(`width: ${width}`);
  log(`sample_steps: ${steps}`);
  log(`scale: ${scale}`);
  log(`sample_sampler: ${sampler}`);
  if (seed !== null) log(`seed: ${seed}`);
}

/**
 * @param {LowRankModel} model
 * @param {SamplePrompt} prompt
 */
function renderSample(model, { prompt, negative, width, height, steps, scale, seed }) {
  const wanted = model.picture(encodeTags(tagsOf(prompt), model.inputs));
  if (negative !== '') {
    const unwanted = model.picture(encodeTags(tagsOf(negative), model.inputs));
    const weight = repulsion * (scale - 1);
    for (let i = 0; i < pictureSize; i++) {
      const value = wanted[i] ?? 0;
      wanted[i] = value + weight * (value - (unwanted[i] ?? 0));
    }
  }
  const picture = new Random(seed ?? Math.floor(Math.random() * 2 ** 32)).normals(pictureSize, 1);
  const bar = new ProgressBar(steps);
  for (let step = 1; step <= steps; step++) {
    for (let i = 0; i < pictureSize; i++) {
      picture[i] = (picture[i] ?? 0) + pull * ((wanted[i] ?? 0) - (picture[i] ?? 0));
    }
    bar.update(step);
  }
  bar.close();
  return resized(fromSigned(picture, side, side), width, height);
}
