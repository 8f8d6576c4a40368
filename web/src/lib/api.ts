/** The server's interface, and the session of this page; of a shared page the files that stand for a server. */
import {
  type About,
  type Answer,
  type Asked,
  addressOf as addressOnServer,
  type Client,
  type EndpointName,
  makeClient,
  sharedPath,
} from '../../../src/api/index.ts';
import { keepEarly, takeArrived, takeEarly } from './early.ts';
import { sayingOnce } from './said-once.ts';
import { enterBy, resumed, resuming } from './session.ts';
import { isShared } from './site.ts';

const fromFiles: Client = async (name, asked) => (await import('./shared.ts')).answerOf(name, asked);
const fromServer = makeClient({ origin: location.origin });

const ask: Client = isShared ? fromFiles : sayingOnce(resuming(fromServer));

const keyOf = (name: EndpointName, asked: unknown) => `${name} ${JSON.stringify(asked)}`;

export const api: Client = (name, asked, signal) =>
  (takeEarly(keyOf(name, asked)) as ReturnType<typeof ask<typeof name>> | undefined) ?? ask(name, asked, signal);

/** Asks for what will be asked for by the same words. */
export const askEarly: Client = (name, asked) => keepEarly(keyOf(name, asked), ask(name, asked));

/** An answer that was asked for early, if it has come. */
export function arrived<N extends EndpointName>(name: N, asked: Asked<N>): Answer<N> | undefined {
  return takeArrived(keyOf(name, asked)) as Answer<N> | undefined;
}

/** What a page shows or links to by its address. */
type Addressed = 'samplePreview' | 'sampleOriginal' | 'downloadLog' | 'imageThumbnail' | 'imageOriginal';

/** The address of a picture, or of a log. */
export function addressOf<N extends Addressed>(name: N, asked: Asked<N>): string {
  if (!isShared) return addressOnServer(name, asked as never);
  const { run, sample = '', image = '' } = asked as { run: string; sample?: string; image?: string };
  const paths: Record<Addressed, () => string> = {
    samplePreview: () => sharedPath.sample(run, sample),
    sampleOriginal: () => sharedPath.wholeSample(run, sample),
    imageThumbnail: () => sharedPath.image(run, image),
    imageOriginal: () => sharedPath.image(run, image),
    downloadLog: () => sharedPath.logText(run),
  };
  return paths[name]();
}

/** Of the contact sheet of runs; a shared site has none. */
export const sheetAddress = (run: string[]): string => addressOnServer('contactSheet', { run });

const session = 'session';
const letIn = (): Promise<About> => (isShared ? ask('readSession', {}) : enterBy(fromServer));

/** As `enter`, before the page stands. */
export const enterEarly = () => keepEarly(session, letIn());
export const entered = () => takeArrived(session) as About | undefined;

/** Lets this browser in, or finds that it was. Throws ApiError where nobody let it in. */
export const enter = (): Promise<About> => (takeEarly(session) as Promise<About> | undefined) ?? letIn();

/** Lets this browser in again where the server was started anew; false where it does not know it. */
export const enterAgain = async (): Promise<boolean> => (await resumed(fromServer)) !== null;
