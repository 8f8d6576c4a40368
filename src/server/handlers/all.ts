import type { ServerContext } from '../context.ts';
import type { Handlers } from '../handler.ts';
import { Thumbnails } from '../thumbnails.ts';
import { annotationsHandlers } from './annotations.ts';
import { artifactsHandlers } from './artifacts.ts';
import { checkpointsHandlers } from './checkpoints.ts';
import { codeHandlers } from './code.ts';
import { compareHandlers } from './compare.ts';
import { datasetHandlers } from './dataset.ts';
import { eventsHandlers } from './events.ts';
import { examineHandlers } from './examine.ts';
import { logHandlers } from './log.ts';
import { runHandlers } from './run.ts';
import { runsHandlers } from './runs.ts';
import { seriesHandlers } from './series.ts';
import { type SessionOptions, sessionHandlers } from './session.ts';
import { settingsHandlers } from './settings.ts';
import { storageHandlers } from './storage.ts';

/** One that is missing is an error of types. */
export function allHandlers(context: ServerContext, session: SessionOptions): Handlers {
  const thumbnails = new Thumbnails(context.recording);
  return {
    ...sessionHandlers(context, session),
    ...runsHandlers(context),
    ...runHandlers(context),
    ...codeHandlers(context),
    ...compareHandlers(context),
    ...seriesHandlers(context),
    ...artifactsHandlers(context, thumbnails),
    ...checkpointsHandlers(context),
    ...logHandlers(context),
    ...datasetHandlers(context, thumbnails),
    ...annotationsHandlers(context),
    ...storageHandlers(context),
    ...examineHandlers(context),
    ...settingsHandlers(context),
    ...eventsHandlers(context),
  };
}
