/** Whether these pages have a server behind them, or lie as a site of chosen runs on any web server (docs/sharing.md). */
import { sharedMeta } from '../../../src/api/index.ts';

export const isShared = document.querySelector(`meta[name="${sharedMeta}"]`) !== null;

/** The address of a file beside the page. A shared page has its own address before `#`, wherever it lies. */
export const beside = (name: string) => (isShared ? name : `/${name}`);
