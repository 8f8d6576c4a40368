import type { Progress } from '../../model/facts.ts';
import type { LogReader, LogState, TakeBarPoint } from '../trainer.ts';
import { eachLine, LineCutter, stripTerminal } from './lines.ts';
import { type Bar, barEndsAt, looksLikeBar, readBar } from './progress-bar.ts';
import { beginRecord, continueRecord, type RichRecord } from './rich-record.ts';
import { BarSeries, tagOf } from './series.ts';
import { StepTimes } from './step-times.ts';

/** What one trainer writes, as far as it differs from others. */
export interface Grammar {
  /** Whether a bar counts the steps of the training. */
  isTraining(bar: Bar): boolean;
  /** The phase that a bar of other things belongs to; null for the one that messages told. */
  phaseOf?(bar: Bar): Progress['phase'] | null;
  /** A whole message, not wrapped any more; bars excluded. */
  message(text: string, state: Told): void;
}

/** What a message may change. */
export type Told = Pick<LogState, 'progress' | 'announced' | 'saved' | 'removed' | 'anchors'>;

/** What the training stops for and goes on after. */
const pauses: ReadonlySet<Progress['phase']> = new Set(['sampling', 'validating', 'saving']);
const escapeByte = 0x1b;
const tailLines = 200;
const tailWidth = 2000;

/** A reader over a grammar. Memory is bounded by the grammar's own lists, 200 lines and one line of 64 KiB. */
export function createLogReader(grammar: Grammar, take: TakeBarPoint | null = null): LogReader {
  const reading = new Reading(grammar, take);
  const cutter = new LineCutter((lines) => reading.lines(lines));
  return {
    push: (chunk) => cutter.push(chunk),
    state() {
      const copy = new Reading(grammar, null, reading);
      copy.unfinished(cutter.pending);
      return copy.state();
    },
    end: () => reading.end(cutter.pending),
  };
}

class Reading {
  readonly #grammar: Grammar;
  readonly #told: Told;
  readonly #tail: string[];
  readonly #bars: BarSeries;
  readonly #times: StepTimes;
  /** Whether the training has paused since its bar was drawn last. */
  #pausing: boolean;
  /** Seconds left as the bar told last. */
  #left: number | null;
  #record: RichRecord | null;
  /** A traceback has begun: what bars draw from here on is left over. */
  #fallen: boolean;
  /** What the bar read last begins with, up to its counts: a line that begins so draws the same step again. */
  #drawn: string | null = null;
  /** The last of those lines, and how many they are: only the last one counts, so the others are not read. */
  #again: { line: string; draws: number } | null;

  constructor(grammar: Grammar, take: TakeBarPoint | null, from?: Reading) {
    this.#grammar = grammar;
    this.#told = from ? structuredClone(from.#told) : nothingTold();
    this.#tail = from ? from.#tail.slice(-tailLines) : [];
    // A bar begins at 0 wherever the training goes on.
    const { announced } = this.#told;
    const counted: TakeBarPoint | null =
      take && ((tag, step, ...rest) => take(tag, step + (announced.first_step ?? 0), ...rest));
    this.#bars = new BarSeries(counted, from ? from.#bars : null);
    this.#times = new StepTimes(from ? from.#times : null);
    this.#pausing = from ? from.#pausing : false;
    this.#left = from ? from.#left : null;
    this.#record = from?.openRecord() ?? null;
    this.#fallen = from ? from.#fallen : false;
    this.#again = from?.drawnAgain() ?? null;
  }

  private openRecord(): RichRecord | null {
    return this.#record && { ...this.#record };
  }

  private drawnAgain(): { line: string; draws: number } | null {
    return this.#again && { ...this.#again };
  }

  /** @param lines whole, as Latin-1 */
  lines(lines: string): void {
    eachLine(lines, (from, to) => {
      const drawn = this.#drawn;
      if (drawn !== null && lines.startsWith(drawn, from) && barEndsAt(lines, from + drawn.length, to)) {
        if (this.#again === null) this.#again = { line: '', draws: 0 };
        this.#again.line = lines.slice(from, to);
        this.#again.draws++;
        return;
      }
      this.#endAgain();
      this.#line(lines.slice(from, to));
    });
  }

  #line(raw: string): void {
    if (raw.charCodeAt(0) !== escapeByte && (raw.includes('%|') || raw.includes('it ['))) {
      const bar = readBar(raw);
      if (bar !== null) {
        this.#drawn = bar.length === raw.length ? raw.slice(0, bar.counts) : null;
        this.#bar(bar);
        if (bar.length < raw.length) this.#text(decode(raw.slice(bar.length)).replace(/^\^C/, ''));
        return;
      }
    }
    this.#text(decode(raw));
  }

  #endAgain(): void {
    if (this.#again === null) return;
    const { line, draws } = this.#again;
    this.#again = null;
    const bar = readBar(line);
    if (bar !== null) this.#bar(bar, draws);
  }

  /** The end of what was read, which has no line end yet: a bar or the last words, but no announcement. */
  unfinished(bytes: Buffer): void {
    this.#endAgain();
    const text = decode(bytes.toString('latin1'));
    const bar = readBar(text);
    if (bar !== null) this.#bar(bar);
    if (bar !== null || !looksLikeBar(text)) this.#addTail(text.slice(bar?.length ?? 0));
  }

  /** @param bytes without a line end, at the end of the log */
  end(bytes: Buffer): void {
    this.unfinished(bytes);
    this.#bars.end();
  }

  state(): LogState {
    this.#endRecord();
    const { series, nanStreak, losses } = this.#bars.result();
    const tail = this.#tail.slice(-tailLines);
    return { ...this.#told, progress: this.#progress(), series, nanStreak, losses, tail };
  }

  #progress(): Progress {
    const { progress, announced } = this.#told;
    const { step, total, rate, phase } = progress;
    const { stepSeconds, pauseSeconds } = this.#times;
    const ahead = step === null || total === null ? null : Math.max(0, total - step - (announced.first_step ?? 0));
    const each = stepSeconds === null ? (rate === null ? null : 1 / rate) : stepSeconds + pauseSeconds;
    const eta = phase === 'finished' ? 0 : ahead === null || each === null ? null : ahead * each;
    return { ...progress, stepSeconds, eta, barEta: this.#left };
  }

  #text(text: string): void {
    const bar = readBar(text);
    if (bar !== null) this.#bar(bar);
    const rest = bar === null ? text : text.slice(bar.length).replace(/^\^C/, '');
    if (rest !== '' && (bar !== null || !looksLikeBar(rest))) this.#message(rest);
  }

  #bar(bar: Bar, draws = 1): void {
    this.#endRecord();
    if (this.#grammar.isTraining(bar)) this.#draw(bar, draws);
    else this.#drawPart(bar);
  }

  /** A bar within a phase: what it counts is how far the phase is. */
  #drawPart(bar: Bar): void {
    const { progress } = this.#told;
    if (this.#fallen || progress.phase === 'finished') return;
    progress.phase = this.#grammar.phaseOf?.(bar) ?? progress.phase;
    if (progress.phase === 'training') return;
    const item = progress.within?.item ?? null;
    progress.within = { done: bar.step, total: bar.total, item, left: bar.left };
    this.#pausing ||= pauses.has(progress.phase);
  }

  #draw(bar: Bar, draws: number): void {
    const { progress, announced, anchors } = this.#told;
    // What a traceback leaves on the screen is the last bar drawn again; a later step is training that went on.
    if (this.#fallen && bar.step <= (progress.step ?? 0)) return;
    this.#fallen = false;
    this.#bars.draw(bar, draws);
    this.#times.draw(bar, this.#pausing);
    this.#pausing = false;
    progress.within = null;
    if (bar.step !== progress.step && progress.phase !== 'finished') progress.phase = 'training';
    else if (pauses.has(progress.phase)) progress.phase = 'training';
    progress.step = bar.step;
    // The bar of a resumed training may end too soon: `--resume` shortens it by the steps done before, which are trained again.
    progress.total =
      bar.total === null ? (announced.total_steps ?? progress.total) : Math.max(bar.total, announced.total_steps ?? 0);
    this.#left = bar.total === progress.total || announced.first_step !== undefined ? bar.left : null;
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
    if (this.#record === null) this.#say(text.trim());
  }

  #endRecord(): void {
    if (this.#record === null) return;
    this.#say(this.#record.message);
    this.#record = null;
  }

  #say(message: string): void {
    this.#grammar.message(message, this.#told);
    this.#pausing ||= pauses.has(this.#told.progress.phase);
  }

  #addTail(text: string): void {
    const line = text.slice(0, tailWidth).trimEnd();
    if (line.trim() === '') return;
    this.#tail.push(line);
    if (this.#tail.length > tailLines * 2) this.#tail.splice(0, tailLines);
  }
}

/** @param raw UTF-8 as Latin-1 */
function decode(raw: string): string {
  return plain.test(raw) ? raw : stripTerminal(Buffer.from(raw, 'latin1').toString('utf8'));
}

const plain = /^[\t\x20-\x7e]*$/;

function nothingTold(): Told {
  const progress: Progress = {
    step: null,
    total: null,
    epoch: null,
    epochs: null,
    loss: null,
    rate: null,
    phase: 'starting',
    within: null,
  };
  return {
    progress,
    announced: {},
    saved: [],
    removed: [],
    anchors: { trainingStarted: false, modelSaved: false, trainingFinished: false },
  };
}
