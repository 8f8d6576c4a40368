/** The server's interface, and the session of this page; of a shared page the files that stand for a server. */
import {
  type About,
  type Asked,
  addressOf as addressOnServer,
  type Client,
  makeClient,
  sharedPath,
} from '../../../src/api/index.ts';
import { enterBy, resumed, resuming } from './session.ts';
import { isShared } from './site.ts';

const fromFiles: Client = async (name, asked) => (await import('./shared.ts')).answerOf(name, asked);
const fromServer = makeClient({ origin: location.origin });

export const api: Client = isShared ? fromFiles : resuming(fromServer);

/** What a page shows or links to by its address. */
type Addressed = 'samplePreview' | 'sampleOriginal' | 'downloadLog' | 'imageThumbnail' | 'imageOriginal';

/** The address of a picture, or of a log. A shared site has samples as they are previewed, and no pictures of datasets. */
export function addressOf<N extends Addressed>(name: N, asked: Asked<N>): string {
  if (!isShared) return addressOnServer(name, asked as never);
  const { run, sample } = asked as { run: string; sample?: string };
  return sample === undefined ? sharedPath.logText(run) : sharedPath.sample(run, sample);
}

/** Of the contact sheet of runs; a shared site has none. */
export const sheetAddress = (run: string[]): string => addressOnServer('contactSheet', { run });

/** Throws ApiError where nobody let this browser in. */
export const enter = (): Promise<About> => (isShared ? api('readSession', {}) : enterBy(fromServer));

/** Lets this browser in again where the server was started anew; false where it does not know it. */
export const enterAgain = async (): Promise<boolean> => (await resumed(fromServer)) !== null;
