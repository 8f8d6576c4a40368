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
import { LogLines, levelOf } from '../log-lines.ts';

/** Logs of which the lines are held at once. */
const mostLogs = 4;

export function logHandlers({
  recording: { home },
}: ServerContext): Some<'readLog' | 'readLogLines' | 'searchLog' | 'downloadLog'> {
  const pathOf = (id: RunId) => join(home.runs.path(id), 'log');
  const held = new Map<string, LogLines>();
  const turn = oneByOne();

  const linesOf = (id: RunId, form: LogForm) =>
    turn.through(async () => {
      const key = `${id} ${form}`;
      const lines = held.get(key) ?? new LogLines(pathOf(id), form);
      held.delete(key);
      held.set(key, lines);
      const [oldest] = held.keys();
      if (held.size > mostLogs && oldest !== undefined) held.delete(oldest);
      if (!(await lines.poll())) throw await noLog(id);
      return lines;
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
      const numbered = log.all().map((text, at): LogLine => ({ line: log.first + at, text, level: levelOf(text) }));
      const counted = warnings ? numbered.filter(({ level }) => level !== 'plain') : numbered;
      const base = warnings ? 0 : log.first;
      const begin = from < 0 ? Math.max(0, counted.length + from) : Math.max(0, from - base);
      return {
        lines: counted.slice(begin, begin + count),
        from: base + Math.min(begin, counted.length),
        total: base + counted.length,
        size: log.size,
        cut: log.cut,
      };
    },

    async searchLog({ run, form, text, limit }) {
      const log = await linesOf(run, form);
      const wanted = text.toLowerCase();
      const found: LogLine[] = [];
      let total = 0;
      for (const [at, line] of log.all().entries()) {
        if (!line.toLowerCase().includes(wanted)) continue;
        if (++total <= limit) found.push({ line: log.first + at, text: line, level: levelOf(line) });
      }
      return { lines: found, total };
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
