import type { Run } from '../../../model/run.ts';
import { fullTime, visible } from '../../text.ts';
import type { Page } from './page.ts';

/** What people were to be told of while it trained, and with `--all` who was. */
export function happened(page: Page, { events, notified }: Run): string[] {
  const lines = events.flatMap(({ at, event, message, stops }) =>
    page.wrapped(
      `${page.style.yellow(event)}  ${visible(message)}${stops ? ' The training was stopped.' : ''}  ${page.style.dim(fullTime(at))}`,
    ),
  );
  if (!page.all) return lines;
  const messages = notified.flatMap(({ key, receiver, type, outcome, detail, at }) =>
    page.wrapped(
      `message ${visible(key)} to ${visible(receiver)} (${type}): ${outcome}, ${visible(detail)}  ${page.style.dim(fullTime(at))}`,
    ),
  );
  return [...lines, ...messages];
}
