import type { About } from '../../api/session.ts';
import { SpoorError } from '../../model/errors.ts';
import type { ServerContext } from '../context.ts';
import type { KnownBrowsers } from '../guard/browsers.ts';
import type { Sessions } from '../guard/sessions.ts';
import { cookieText, mayNotAsk } from '../guard/who.ts';
import type { Some } from '../handler.ts';

export interface SessionOptions {
  sessions: Sessions;
  browsers: KnownBrowsers;
  cookieName(): string;
  /** The address that a token is opened by. */
  link(token: string): string;
}

export function sessionHandlers(
  { recording, userHome, hub }: ServerContext,
  { sessions, browsers, cookieName, link }: SessionOptions,
): Some<'enter' | 'readSession' | 'leave' | 'makeLink' | 'remember' | 'challenge' | 'resume'> {
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
      const browser = cookie && sessions.browserOf(cookie);
      if (cookie !== null) sessions.leave(cookie);
      if (browser) await browsers.forget(browser).catch(() => {});
      return answer({ done: true }, cookieText(cookieName(), '', true));
    },

    async makeLink(_, { isProgram }) {
      if (!isProgram) throw new SpoorError('refused', 'programs-only', 'a page cannot make a new address', null);
      return { url: link(sessions.makeLink()) };
    },

    async remember(_, { cookie }) {
      if (cookie === null) throw new SpoorError('refused', 'browsers-only', 'a program has its token', null);
      const known = await browsers.remember();
      sessions.remembered(cookie, known.browser);
      return known;
    },

    challenge: async () => ({ challenge: browsers.challenge() }),

    async resume({ body }, { header }) {
      // By the name that it was asked by, which is one of its own: what is proved to another server is worth nothing here.
      if (!(await browsers.isProved(body, `http://${header('host')?.toLowerCase()}`))) {
        sessions.failed();
        throw mayNotAsk(sessions, true);
      }
      return answer(about(), cookieText(cookieName(), sessions.makeCookie(body.browser), false));
    },
  };
}
