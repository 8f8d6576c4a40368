import type { About } from '../../api/session.ts';
import { SpoorError } from '../../model/errors.ts';
import type { ServerContext } from '../context.ts';
import type { Sessions } from '../guard/sessions.ts';
import { cookieText, mayNotAsk } from '../guard/who.ts';
import type { Some } from '../handler.ts';

export interface SessionOptions {
  sessions: Sessions;
  cookieName(): string;
  /** The address that a token is opened by. */
  link(token: string): string;
}

export function sessionHandlers(
  { recording, userHome, hub }: ServerContext,
  { sessions, cookieName, link }: SessionOptions,
): Some<'enter' | 'readSession' | 'leave' | 'makeLink'> {
  const about = (): About => ({
    version: recording.version,
    home: recording.home.directory,
    host: recording.host,
    now: recording.now().toISOString(),
    userHome,
    lastEventId: hub.lastId,
  });
  const answer = (document: unknown, cookie: string) =>
    new Response(JSON.stringify(document), {
      headers: { 'content-type': 'application/json; charset=utf-8', 'set-cookie': cookie },
    });

  return {
    async enter({ body: { token } }) {
      const cookie = sessions.enter(token);
      if (cookie === null) throw mayNotAsk(sessions, true);
      return answer(about(), cookieText(cookieName(), cookie, false));
    },

    readSession: async () => about(),

    async leave(_, { cookie }) {
      if (cookie !== null) sessions.leave(cookie);
      return answer({ done: true }, cookieText(cookieName(), '', true));
    },

    async makeLink(_, { isProgram }) {
      if (!isProgram) throw new SpoorError('refused', 'programs-only', 'a page cannot make a new address', null);
      return { url: link(sessions.makeLink()) };
    },
  };
}
