import type { ReadStream } from 'node:tty';
import { startPulse } from '../../follow/pulse.ts';
import { SpoorError } from '../../model/errors.ts';
import type { RunId } from '../../model/run-id.ts';
import { loadRun } from '../../tracker/load-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { canShowPictures } from '../reporters/kitty.ts';
import { type Key, keysOf } from '../watch/keys.ts';
import { WatchPictures } from '../watch/pictures.ts';
import { Screen } from '../watch/screen.ts';
import { choicesOf, WatchSource } from '../watch/source.ts';
import { layOut, type View } from '../watch/view.ts';
import type { Choice, Watched } from '../watch/watched.ts';

const smoothings = [0, 0.6, 0.9, 0.97];
/** Milliseconds between two looks at least; a look that takes long is not repeated sooner than so many times that. */
const restMs = 250;
const restTimes = 8;
const everyMs = 1_000;

function nextSmoothing(from: number | null): number {
  return smoothings[(smoothings.indexOf(from ?? 0.9) + 1) % smoothings.length]!;
}

/** The run that trains, or the latest, on the whole screen until it is left. */
export async function watch(context: Context, reference: string | undefined): Promise<number> {
  const { stdout } = context;
  if (!stdout.isTTY || context.env.TERM === 'dumb') {
    const hint = 'spoor ps tells where the runs stand; spoor log -f prints what one writes.';
    throw new SpoorError('usage', 'no-terminal', 'spoor watch draws on a terminal, and its output is none', hint);
  }
  const { home, recording, find } = await openSettled(context);
  const source = new WatchSource(home, context.now, recording.settings.notify.stallAfter);
  const first = reference === undefined ? (await source.running())[0]?.id : undefined;
  const run = await loadRun(home, first ?? (await find(reference ?? '@')));
  const asked: Choice = { id: run.id, name: run.name.full };
  const withPictures = canShowPictures(context);
  const pictures = new WatchPictures(home, recording.images!, () => redraw());

  let chosen: RunId = run.id;
  let choices: Choice[] = [asked];
  let watched: Watched | null = null;
  let view: View = 'all';
  let smoothing: number | null = null;
  const until = new AbortController();
  let switched = new AbortController();
  let status = 0;

  const screen = new Screen({
    stdout,
    stdin: process.stdin as ReadStream,
    pictures: withPictures,
    onInput: (text) => keysOf(text).forEach(press),
    onResize: redraw,
  });

  function redraw(): void {
    if (watched === null) return;
    const { columns, rows } = screen.size;
    const { now, host, style } = context;
    const state = { watched, choices, view, smoothing, pictures: withPictures, now: now(), host, style };
    const { lines, room } = layOut(state, columns, rows);
    screen.draw({ lines, pictures: room ? pictures.placed(watched.samples, room) : [] });
  }

  function press(key: Key): void {
    if (key.press === 'quit') until.abort();
    else if (key.press === 'suspend') screen.suspend();
    else if (key.press === 'redraw') screen.redraw();
    else if (key.press === 'run') choose(key.at);
    else if (key.press === 'next') choose((chosenAt() + 1) % choices.length);
    else if (key.press === 'previous') choose((chosenAt() + choices.length - 1) % choices.length);
    else {
      if (key.press === 'smoothing') smoothing = nextSmoothing(smoothing);
      else view = key.press === 'back' || key.press === view ? 'all' : key.press;
      redraw();
    }
  }

  const chosenAt = () => choices.findIndex(({ id }) => id === chosen);

  function choose(at: number): void {
    if (at >= choices.length || choices[at]!.id === chosen) return;
    chosen = choices[at]!.id;
    switched.abort();
  }

  const ends = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal, i) => {
    const end = () => {
      status = 128 + [2, 15, 1][i]!;
      until.abort();
    };
    process.on(signal, end);
    return () => process.off(signal, end);
  });
  stdout.on('error', () => until.abort());

  screen.open();
  try {
    while (!until.signal.aborted) {
      switched = new AbortController();
      const stop = AbortSignal.any([until.signal, switched.signal]);
      const pulse = startPulse({ directories: [home.runs.path(chosen)], everyMs, until: stop });
      try {
        while (!stop.aborted) {
          const began = performance.now();
          const running = await source.running();
          const found = await source.look(chosen, running.find(({ id }) => id === chosen) ?? null);
          if (stop.aborted) break;
          choices = choicesOf(running, asked);
          if (!choices.some(({ id }) => id === chosen)) choices.push({ id: chosen, name: found.run.name.full });
          watched = found;
          redraw();
          await pulse.next(Math.max(restMs, restTimes * (performance.now() - began)));
        }
      } finally {
        pulse.close();
      }
    }
  } finally {
    screen.close();
    pictures.close();
    for (const end of ends) end();
  }
  return status;
}
