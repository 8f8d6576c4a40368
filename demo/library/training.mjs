/** The course of a training, in the order and the words of sd-scripts' `train_network.py`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readDataset } from './dataset.mjs';
import { EventFile } from './event-file.mjs';
import { PythonError } from './failure.mjs';
import { strike } from './faults.mjs';
import { localTime } from './local-time.mjs';
import { LossRecord } from './loss-record.mjs';
import { LowRankModel, pictureSize } from './low-rank.mjs';
import { checkpointMetadata, runMetadata } from './metadata.mjs';
import { AdamW, findOptimizer, findSchedule } from './optimizer.mjs';
import { Random } from './random.mjs';
import { decodeSafetensors, encodeHashed } from './safetensors.mjs';
import { sampleImages } from './sampling.mjs';
import { log, ProgressBar, print } from './terminal.mjs';
import { encodeTags } from './text-encoder.mjs';

/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {import('./dataset.mjs').Subset} Subset */
/** @typedef {import('./dataset.mjs').Example} Example */

export class Training {
  /** @type {ProgressBar | null} */
  bar = null;

  /**
   * Reads everything that is to be trained on.
   * @param {Options} options
   * @returns {Training | null} null if there is nothing, which sd-scripts takes for no error
   */
  static prepare(options) {
    log('prepare tokenizer');
    log('Using DreamBooth method.');
    log('prepare images.');
    const subsets = readDataset(options.train_data_dir, options.caption_extension);
    const images = subsets.reduce((sum, { repeats, examples }) => sum + repeats * examples.length, 0);
    log(`${images} train images with repeating.`);
    log('0 reg images.');
    if (images === 0) {
      log(
        'No data found. Please verify arguments (train_data_dir must be the parent of folders with images) / 画像がありません。引数指定を確認してください（train_data_dirには画像があるフォルダではなく、画像があるフォルダの親フォルダを指定する必要があります）',
        'ERROR',
      );
      return null;
    }
    log('preparing accelerator');
    print('accelerator device: cpu');
    return new Training(options, subsets, images);
  }

  /**
   * @param {Options} options
   * @param {Subset[]} subsets
   * @param {number} images times repeats
   */
  constructor(options, subsets, images) {
    this.options = options;
    this.seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    this.random = new Random(this.seed);
    const base = loadBase(options.pretrained_model_name_or_path);
    this.model = createNetwork(options, base, this.random);
    this.examples = subsets.flatMap((subset) => Array.from({ length: subset.repeats }, () => subset.examples).flat());

    print('prepare optimizer, data loader etc.');
    const optimizer = findOptimizer(options.optimizer_type);
    log(`use ${optimizer.name.split('.').at(-1)} optimizer | {}`);
    this.rate = options.unet_lr ?? options.learning_rate;
    const { model } = this;
    this.optimizer = new AdamW(
      [
        { values: model.down, gradient: model.downGradient },
        { values: model.up, gradient: model.upGradient },
      ],
      optimizer.decay,
    );
    this.batches = Math.ceil(images / options.train_batch_size);
    this.steps = options.max_train_epochs === null ? options.max_train_steps : options.max_train_epochs * this.batches;
    this.epochs = Math.ceil(this.steps / this.batches);
    this.schedule = findSchedule(options.lr_scheduler, this.steps, options.lr_warmup_steps);
    const { seed, batches, epochs, steps } = this;
    this.metadata = runMetadata(options, { subsets, seed, images, batches, epochs, steps, optimizer: optimizer.name });
    this.announce(images);
  }

  /** @param {number} images times repeats */
  announce(images) {
    print('running training / 学習開始');
    print(`  num train images * repeats / 学習画像の数×繰り返し回数: ${images}`);
    print('  num reg images / 正則化画像の数: 0');
    print(`  num batches per epoch / 1epochのバッチ数: ${this.batches}`);
    print(`  num epochs / epoch数: ${this.epochs}`);
    print(`  batch size per device / バッチサイズ: ${this.options.train_batch_size}`);
    print(`  gradient accumulation steps / 勾配を合計するステップ数 = ${this.options.gradient_accumulation_steps}`);
    print(`  total optimization steps / 学習ステップ数: ${this.steps}`);
  }

  async run() {
    const { options } = this;
    if (options.output_dir !== null) mkdirSync(options.output_dir, { recursive: true });
    const events = openEvents(options);
    const losses = new LossRecord();
    this.bar = new ProgressBar(this.steps, 'steps');
    if (options.sample_at_first) sampleImages(this.model, options, { epoch: 0, step: 0 });
    let step = 0;
    for (let epoch = 0; epoch < this.epochs; epoch++) {
      print(`\nepoch ${epoch + 1}/${this.epochs}`);
      const order = this.random.shuffled(this.examples);
      for (let batch = 0; batch < this.batches && step < this.steps; batch++) {
        const size = options.train_batch_size;
        const rate = this.rate * this.schedule(step);
        const loss = this.step(order.slice(batch * size, (batch + 1) * size), rate);
        step++;
        if (divides(options.sample_every_n_steps, step)) sampleImages(this.model, options, { epoch: null, step });
        if (divides(options.save_every_n_steps, step)) this.save(`-step${pad(step, 8)}`, 'at', { step, epoch });
        losses.add(epoch, batch, loss);
        this.bar.update(step, { avr_loss: losses.average });
        events?.scalar('loss/current', loss, step);
        events?.scalar('loss/average', losses.average, step);
        events?.scalar('lr/unet', rate, step);
        await delay(options.demo_delay);
        if (step === Math.ceil(this.steps / 2)) strike(options.demo_fault, this.model);
      }
      events?.scalar('loss/epoch_average', losses.average, epoch + 1);
      if (divides(options.save_every_n_epochs, epoch + 1) && epoch + 1 < this.epochs) {
        this.save(`-${pad(epoch + 1, 6)}`, 'epoch', { step, epoch: epoch + 1 });
      }
      if (divides(options.sample_every_n_epochs, epoch + 1)) {
        sampleImages(this.model, options, { epoch: epoch + 1, step });
      }
    }
    this.save('', 'last', { step, epoch: this.epochs });
    log('model saved.');
    this.bar.close();
    events?.close();
  }

  /**
   * One optimiser step on a batch.
   * @param {readonly Example[]} batch
   * @param {number} rate
   * @returns {number} mean loss of the batch, before the step
   */
  step(batch, rate) {
    const { model, options } = this;
    model.clearGradients();
    let loss = 0;
    for (const { tags, target } of batch) {
      const kept = options.keep_tokens;
      const order = options.shuffle_caption
        ? [...tags.slice(0, kept), ...this.random.shuffled(tags.slice(kept))]
        : tags;
      const caption = encodeTags(order, model.inputs);
      loss += model.learn(caption, model.basePicture(caption), target, 1 / batch.length) / batch.length;
    }
    this.optimizer.clip(options.max_grad_norm);
    this.optimizer.step(rate);
    return loss;
  }

  /**
   * @param {string} suffix behind the output name
   * @param {string} standIn for the output name
   * @param {{ step: number, epoch: number }} moment
   */
  save(suffix, standIn, moment) {
    const { options } = this;
    const name = `${options.output_name ?? standIn}${suffix}.safetensors`;
    const path = join(options.output_dir ?? '.', name);
    print(`\nsaving checkpoint: ${path}`);
    const precision = options.save_precision === 'fp16' ? 'F16' : 'F32';
    const metadata = checkpointMetadata(this.metadata, options, moment);
    writeFileSync(path, encodeHashed(this.model.tensors(), metadata, precision));
  }
}

/**
 * @param {string | null} path
 * @returns {import('./safetensors.mjs').Tensor}
 */
function loadBase(path) {
  log('loading model for process 0/1');
  log(`load StableDiffusion checkpoint: ${path}`);
  if (path === null || !existsSync(path)) {
    throw new PythonError(
      'ValueError',
      `The provided pretrained_model_name_or_path "${path}" is neither a valid local path nor a valid repo id. Please check the parameter.`,
    );
  }
  const tensor = decodeSafetensors(readFileSync(path)).tensors.find(({ name }) => name === 'conv_out.weight');
  if (tensor?.shape[0] !== pictureSize) {
    throw new PythonError('RuntimeError', `Error(s) in loading state_dict: ${basename(path)} has no conv_out.weight`);
  }
  log('loading u-net: <All keys matched successfully>');
  return tensor;
}

/**
 * @param {Options} options
 * @param {import('./safetensors.mjs').Tensor} base
 * @param {Random} random
 */
function createNetwork(options, base, random) {
  const { network_module: module, network_dim: rank, network_alpha: alpha } = options;
  if (module !== 'networks.lora') {
    throw new PythonError('ModuleNotFoundError', `No module named '${(module ?? 'None').split('.')[0]}'`);
  }
  print(`import network module: ${module}`);
  log(`create LoRA network. base dim (rank): ${rank}, alpha: ${alpha}`);
  log('create LoRA for U-Net: 1 modules.');
  log('enable LoRA for U-Net: 1 modules');
  return new LowRankModel(base.values, base.shape[1] ?? 0, rank, alpha, random);
}

/** @param {Options} options */
function openEvents({ logging_dir: directory, log_prefix: prefix, log_tracker_name: tracker }) {
  if (directory === null) return null;
  return new EventFile(join(directory, `${prefix ?? ''}${localTime().digits}`, tracker ?? 'network_train'));
}

/**
 * @param {number | null} every
 * @param {number} count
 */
function divides(every, count) {
  return every !== null && every > 0 && count % every === 0;
}

/**
 * @param {number} value
 * @param {number} width
 */
function pad(value, width) {
  return String(value).padStart(width, '0');
}
