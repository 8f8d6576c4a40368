/**
 * What a user of sd-scripts sees: plain lines on stdout (`accelerator.print`), log lines as `rich` lays
 * them out and progress bars as `tqdm` draws them on stderr.
 */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localTime } from './local-time.mjs';
import { threeDigits } from './python-text.mjs';

/** @param {string} line */
export function print(line) {
  process.stdout.write(`${line}\n`);
}

let lastTime = '';

/**
 * One log line: time (blank while the second lasts), level, message wrapped to the terminal, and the
 * place in the source.
 * @param {string} message may hold several lines
 * @param {'INFO' | 'WARNING' | 'ERROR'} [level]
 */
export function log(message, level = 'INFO') {
  const now = localTime().text;
  const time = now === lastTime ? ' '.repeat(19) : now;
  lastTime = now;
  const place = callerOf(log);
  const width = Math.max(20, (columns() ?? 80) - 30 - place.length);
  message
    .split('\n')
    .flatMap((line) => wrap(line, width))
    .forEach((line, index) => {
      const head = index === 0 ? `${time} ${level.padEnd(8)} ` : ' '.repeat(29);
      const padding = ' '.repeat(Math.max(0, width - columnsOf(line)));
      process.stderr.write(`${head}${line}${padding} ${index === 0 ? place : ' '.repeat(place.length)}\n`);
    });
}

/**
 * `file:line` of the code that called a function of this module.
 * @param {Function} reporter
 */
function callerOf(reporter) {
  const trace = { stack: '' };
  Error.captureStackTrace(trace, reporter);
  const [, url = '', line] = /(file:\/\/.+?):(\d+):\d+\)?(?:\n|$)/.exec(trace.stack) ?? [];
  return url === '' ? '' : `${basename(fileURLToPath(url))}:${line}`;
}

/** Width that the caller or the terminal asks for; undefined in a pipe. */
function columns() {
  const asked = Number(process.env.TQDM_NCOLS ?? process.env.COLUMNS);
  return asked > 0 ? asked : process.stderr.columns;
}

/** @param {string} text Chinese and Japanese characters take two columns */
function columnsOf(text) {
  return (
    text.length + (text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/g)?.length ?? 0)
  );
}

/**
 * @param {string} text
 * @param {number} width in columns
 */
function wrap(text, width) {
  const lines = [''];
  for (const word of text.split(/(?<= )/)) {
    let rest = word;
    if (columnsOf((lines.at(-1) ?? '') + rest.trimEnd()) > width && lines.at(-1) !== '') lines.push('');
    while (columnsOf(rest.trimEnd()) > width) {
      lines[lines.length - 1] = rest.slice(0, width);
      rest = rest.slice(width);
      lines.push('');
    }
    lines[lines.length - 1] += rest;
  }
  return lines.map((line) => line.trimEnd());
}

const blocks = ' ▏▎▍▌▋▊▉█';

/** A progress bar that redraws itself in place, as tqdm does. */
export class ProgressBar {
  /**
   * @param {number} total
   * @param {string} [description]
   */
  constructor(total, description) {
    this.total = total;
    this.prefix = description === undefined ? '' : `${description}: `;
    this.count = 0;
    this.started = performance.now();
    this.postfix = '';
    this.drawn = 0;
    this.draw();
  }

  /**
   * @param {number} count finished so far
   * @param {Record<string, number>} [values] shown behind the bar
   */
  update(count, values = {}) {
    this.count = count;
    this.postfix = Object.entries(values)
      .map(([name, value]) => `, ${name}=${threeDigits(value)}`)
      .join('');
    this.draw();
  }

  draw() {
    const line = this.text();
    process.stderr.write(`\r${line}${' '.repeat(Math.max(0, this.drawn - line.length))}`);
    this.drawn = line.length;
  }

  /** Draws it a last time and ends its line. */
  close() {
    this.draw();
    process.stderr.write('\n');
  }

  text() {
    const seconds = (performance.now() - this.started) / 1000;
    const rate = this.count / seconds;
    const share = this.total === 0 ? 1 : this.count / this.total;
    const left = this.count === 0 ? '?' : clock((this.total - this.count) / rate);
    const speed = this.count === 0 ? '?it/s' : rate < 1 ? `${fixed(1 / rate)}s/it` : `${fixed(rate)}it/s`;
    const head = `${this.prefix}${(share * 100).toFixed(0).padStart(3)}%|`;
    const tail = `| ${this.count}/${this.total} [${clock(seconds)}<${left}, ${speed}${this.postfix}]`;
    const available = columns();
    const width = available === undefined ? 10 : Math.max(1, available - head.length - tail.length);
    const eighths = Math.min(width * 8, Math.floor(share * width * 8));
    const full = '█'.repeat(eighths >> 3);
    return head + (full + (blocks[eighths & 7] ?? '')).slice(0, width).padEnd(width) + tail;
  }
}

/** @param {number} value */
function fixed(value) {
  return value.toFixed(2).padStart(5);
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}
