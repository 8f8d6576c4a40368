/** Who may ask. */
import { z } from 'zod';
import { done } from './route.ts';

const about = z.object({
  /** Of Spoor. */
  version: z.string(),
  home: z.string(),
  host: z.string(),
  /** The server's clock. */
  now: z.string(),
  /** Directory of the user, which paths are shortened by. */
  userHome: z.string(),
  /** Of the last event before this answer: a stream that begins behind it misses nothing. Null where there is no stream. */
  lastEventId: z.string().nullable(),
});
export type About = z.infer<typeof about>;

export const enter = {
  summary: 'Gives the token of the printed address away for a cookie; it works once.',
  body: z.object({ token: z.string().min(1).max(200) }),
  answer: about,
};

export const readSession = { summary: 'What is served, to whom may ask.', answer: about };

export const leave = { summary: 'Ends the session of the cookie.', answer: done };

export const makeLink = {
  summary: 'Makes a new address with a token that works once; only with the bearer token.',
  answer: z.object({ url: z.string() }),
};

export const remember = {
  summary: 'Gives a browser that was let in a key of its own, by which it is let in again after a restart.',
  answer: z.object({
    browser: z.string(),
    /** 32 bytes, in base64url. */
    key: z.string(),
  }),
};

export const challenge = {
  summary: 'What a browser that is known proves its key over; it works once.',
  answer: z.object({ challenge: z.string() }),
};

export const resume = {
  summary: 'Lets a browser that is known in again: `proof` is the HMAC-SHA-256 by its key over `ORIGIN\\nCHALLENGE`.',
  body: z.object({ browser: z.string().max(100), challenge: z.string().max(100), proof: z.string().max(100) }),
  answer: about,
};
