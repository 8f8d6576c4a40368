/**
 * One connection of server-sent events, read by `fetch`: unlike `EventSource` it tells why it was refused, and its
 * heartbeats, so that a connection that died without a word (a laptop slept, a tunnel broke) is noticed.
 */
import { ApiError } from '../../../../src/api/index.ts';

export interface Block {
  /** Of this event, or of the last that passed; null where it has none. */
  id: string | null;
  /** Null of a heartbeat. */
  data: string | null;
}

/** The server says something every 15 seconds. */
const usualSilenceMs = 40_000;

/**
 * Resolves when the server ends it. Throws ApiError with the status, 0 where it was cut off.
 *
 * @param silenceMs after which it counts as cut off
 */
export async function readEvents(
  address: string,
  signal: AbortSignal,
  take: (block: Block) => void,
  silenceMs = usualSilenceMs,
): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const headers = { accept: 'text/event-stream' };
    const response = await fetch(address, { headers, signal: AbortSignal.any([signal, silence.signal]) });
    if (!response.ok || !response.body) {
      // What is not read keeps its connection.
      await response.body?.cancel();
      throw refused(response.status);
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      const blocks = (text + value).split('\n\n');
      text = blocks.pop() ?? '';
      for (const each of blocks) take(blockOf(each));
    }
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    throw refused(0);
  } finally {
    clearTimeout(timer);
  }
}

function blockOf(text: string): Block {
  const field = (name: string) => text.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1] ?? null;
  return { id: field('id'), data: field('data') };
}

const refused = (status: number) =>
  new ApiError(status, { error: { code: 'no-events', message: 'the connection was lost', hint: null } });
