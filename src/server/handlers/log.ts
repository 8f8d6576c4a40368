import { join } from 'node:path';
import type { LogForm, LogLine } from '../../api/log.ts';
import { openRegular, readFully } from '../../follow/open-regular.ts';
import { SpoorError } from '../../model/errors.ts';
import type { RunId } from '../../model/run-id.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { downloadFile } from '../bytes.ts';
import type { ServerContext } from '../context.ts';
import { oneByOne } from '../guard/gate.ts';
import type { Some } from '../handler.ts';
import { colours, LogLines } from '../log-lines.ts';

/** Logs of which the lines are held at once. */
const mostLogs = 4;
/** Places of what is searched that are told; more are only counted. */
const mostPlaces = 10_000;

export function logHandlers({
  recording: { home },
}: ServerContext): Some<'readLog' | 'readLogLines' | 'searchLog' | 'downloadLog'> {
  const pathOf = (id: RunId) => join(home.runs.path(id), 'log');
  const held = new Map<string, LogLines>();
  const turn = oneByOne();

  /** Null where none was kept. Errors: `not-found` of a run that is not there. */
  const linesOf = (id: RunId, form: LogForm) =>
    turn.through(async () => {
      const key = `${id} ${form}`;
      const lines = held.get(key) ?? new LogLines(pathOf(id), form);
      held.delete(key);
      held.set(key, lines);
      const [oldest] = held.keys();
      if (held.size > mostLogs && oldest !== undefined) held.delete(oldest);
      if (await lines.poll()) return lines;
      held.delete(key);
      await loadRun(home, id);
      return null;
    });

  /** Of a run that is there; of another that it is not. */
  async function noLog(id: RunId): Promise<SpoorError> {
    await loadRun(home, id);
    const hint = 'Its output went straight to the terminal, or it never started.';
    return new SpoorError('not-found', 'no-log', `run ${id} has no log`, hint);
  }

  return {
    async readLog({ run: id, from, bytes }) {
      const handle = await openRegular(pathOf(id), 'follow');
      if (!handle) throw await noLog(id);
      try {
        const { size } = await handle.stat();
        const buffer = new Uint8Array(Math.max(0, Math.min(bytes, size - from)));
        const read = buffer.subarray(0, await readFully(handle, buffer, from));
        const whole = from + read.length < size ? withoutCutCharacter(read) : read;
        return { from, next: from + whole.length, size, text: new TextDecoder().decode(whole) };
      } finally {
        await handle.close();
      }
    },

    async readLogLines({ run, form, from, count, warnings }) {
      const log = await linesOf(run, form);
      if (!log) return { lines: [], from: 0, total: 0, size: 0, cut: false, kept: false };
      const view = log.view(warnings);
      const end = view.first + view.count;
      const begin = Math.min(end, Math.max(view.first, from < 0 ? end + from : from));
      const lines = Array.from({ length: Math.min(count, end - begin) }, (_, i) => view.at(begin + i));
      return { lines, from: begin, total: end, size: log.size, cut: log.cut, kept: true };
    },

    async searchLog({ run, form, text, limit, warnings }) {
      const view = (await linesOf(run, form))?.view(warnings);
      const wanted = text.toLowerCase();
      const lines: LogLine[] = [];
      const places: number[] = [];
      let total = 0;
      for (let i = 0; i < (view?.count ?? 0); i++) {
        const line = view!.at(view!.first + i);
        const plain = form === 'coloured' ? line.text.replace(colours, '') : line.text;
        if (!plain.toLowerCase().includes(wanted)) continue;
        if (++total <= limit) lines.push(line);
        if (total <= mostPlaces) places.push(view!.first + i);
      }
      return { lines, places, total };
    },

    async downloadLog({ run }, asking) {
      await loadRun(home, run);
      return downloadFile(pathOf(run), `${run}.log`, asking);
    },
  };
}

/** Of bytes of UTF-8 the longest beginning that ends with a character; all of what is no UTF-8. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    // A part of nothing but one cut character would lead nowhere.
    return length > back && bytes.length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
