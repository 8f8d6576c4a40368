import type { Progress } from '../../model/facts.ts';
import type { LogReader, LogState } from '../trainer.ts';
import { LineCutter, stripTerminal } from './lines.ts';
import { type Bar, looksLikeBar, readBar } from './progress-bar.ts';
import { beginRecord, continueRecord, type RichRecord } from './rich-record.ts';
import { BarSeries, tagOf } from './series.ts';

/** What one trainer writes, as far as it differs from others. */
export interface Grammar {
  /** Whether a bar counts the steps of the training. */
  isTraining(bar: Bar): boolean;
  /** A whole message, not wrapped any more; bars excluded. */
  message(text: string, state: Told): void;
}

/** What a message may change. */
export type Told = Pick<LogState, 'progress' | 'announced' | 'saved' | 'removed' | 'anchors'>;

const escapeByte = 0x1b;
const tailLines = 200;
const tailWidth = 2000;

/** A reader over a grammar. Memory is bounded by the grammar's own lists, 200 lines and one line of 64 KiB. */
export function createLogReader(grammar: Grammar): LogReader {
  const reading = new Reading(grammar);
  const cutter = new LineCutter((line) => reading.line(line));
  return {
    push: (chunk) => cutter.push(chunk),
    state() {
      const copy = new Reading(grammar, reading);
      copy.unfinished(cutter.pending);
      return copy.state();
    },
  };
}

class Reading {
  readonly #grammar: Grammar;
  readonly #told: Told;
  readonly #tail: string[];
  readonly #bars: BarSeries;
  #record: RichRecord | null;
  /** A traceback has begun: what bars draw from here on is left over. */
  #fallen: boolean;

  constructor(grammar: Grammar, from?: Reading) {
    this.#grammar = grammar;
    this.#told = from ? structuredClone(from.#told) : nothingTold();
    this.#tail = from ? from.#tail.slice(-tailLines) : [];
    this.#bars = new BarSeries(from ? from.#bars : null);
    this.#record = from?.openRecord() ?? null;
    this.#fallen = from ? from.#fallen : false;
  }

  private openRecord(): RichRecord | null {
    return this.#record && { ...this.#record };
  }

  line(bytes: Buffer): void {
    // Most of a log is bars; they are read as Latin-1, where a character is a byte, which is twice as fast.
    const raw = bytes.toString('latin1');
    if (raw.charCodeAt(0) !== escapeByte && (raw.includes('%|') || raw.includes('it ['))) {
      const bar = readBar(raw);
      if (bar !== null) {
        this.#bar(bar);
        if (bar.length < bytes.length) this.#text(decode(bytes.subarray(bar.length)).replace(/^\^C/, ''));
        return;
      }
    }
    this.#text(decode(bytes));
  }

  /** The end of what was read, which has no line end yet: a bar or the last words, but no announcement. */
  unfinished(bytes: Buffer): void {
    const text = decode(bytes);
    const bar = readBar(text);
    if (bar !== null) this.#bar(bar);
    if (bar !== null || !looksLikeBar(text)) this.#addTail(text.slice(bar?.length ?? 0));
  }

  state(): LogState {
    this.#endRecord();
    const { series, nanStreak } = this.#bars.result();
    const tail = this.#tail.slice(-tailLines);
    return { ...this.#told, series, nanStreak, tail };
  }

  #text(text: string): void {
    const bar = readBar(text);
    if (bar !== null) this.#bar(bar);
    const rest = bar === null ? text : text.slice(bar.length).replace(/^\^C/, '');
    if (rest !== '' && (bar !== null || !looksLikeBar(rest))) this.#message(rest);
  }

  #bar(bar: Bar): void {
    if (!this.#grammar.isTraining(bar)) return;
    this.#endRecord();
    this.#draw(bar);
  }

  #draw(bar: Bar): void {
    const { progress, announced, anchors } = this.#told;
    // What a traceback leaves on the screen is the last bar drawn again; a later step is training that went on.
    if (this.#fallen && bar.step <= (progress.step ?? 0)) return;
    this.#fallen = false;
    this.#bars.draw(bar);
    if (bar.step !== progress.step && progress.phase !== 'finished') progress.phase = 'training';
    else if (progress.phase === 'sampling' || progress.phase === 'saving') progress.phase = 'training';
    progress.step = bar.step;
    progress.total = bar.total ?? announced.total_steps ?? progress.total;
    progress.rate = bar.rate ?? progress.rate;
    const loss = bar.postfix.find(([key]) => tagOf(key) === 'loss/average')?.[1];
    if (loss !== undefined) progress.loss = loss;
    const end = Math.max(progress.total ?? Number.POSITIVE_INFINITY, announced.total_steps ?? 0);
    if (bar.step > 0) anchors.trainingStarted = true;
    if (bar.step >= end) anchors.trainingFinished = true;
  }

  #message(text: string): void {
    if (this.#record !== null && continueRecord(this.#record, text)) {
      this.#addTail(text);
      return;
    }
    this.#endRecord();
    this.#addTail(text);
    if (text.startsWith('Traceback (most recent call last)')) this.#fallen = true;
    this.#record = beginRecord(text);
    if (this.#record === null) this.#grammar.message(text.trim(), this.#told);
  }

  #endRecord(): void {
    if (this.#record === null) return;
    this.#grammar.message(this.#record.message, this.#told);
    this.#record = null;
  }

  #addTail(text: string): void {
    const line = text.slice(0, tailWidth).trimEnd();
    if (line.trim() === '') return;
    this.#tail.push(line);
    if (this.#tail.length > tailLines * 2) this.#tail.splice(0, tailLines);
  }
}

function decode(bytes: Buffer): string {
  return stripTerminal(bytes.toString('utf8'));
}

function nothingTold(): Told {
  const progress: Progress = {
    step: null,
    total: null,
    epoch: null,
    epochs: null,
    loss: null,
    rate: null,
    phase: 'starting',
  };
  return {
    progress,
    announced: {},
    saved: [],
    removed: [],
    anchors: { trainingStarted: false, modelSaved: false, trainingFinished: false },
  };
}
