/** The pages that people look at most, on the fixed home. */
import type { RunId } from '../../../src/model/run-id.ts';
import { runsParam } from '../stage.ts';

/** A name, and the address by the ids of the runs in the order of their plans. */
export const mainPages: [name: string, path: (ids: readonly RunId[]) => string][] = [
  ['runs', () => '/'],
  ['run', ([, second]) => `/runs/${second}`],
  ['run-failed', (ids) => `/runs/${ids[2]}`],
  ['charts', ([, second]) => `/runs/${second}?tab=charts`],
  ['log', ([, second]) => `/runs/${second}?tab=log`],
  ['inputs', ([, second]) => `/runs/${second}?tab=inputs`],
  ['samples', (ids) => `/samples?run=${runsParam(ids.slice(0, 2))}`],
  ['pair', (ids) => `/samples?run=${runsParam(ids.slice(0, 2))}&view=pair`],
  ['compare', (ids) => `/compare?run=${runsParam(ids.slice(0, 2))}`],
  ['family', () => '/families/noob-grey_wolf'],
  ['dataset', ([, second]) => `/runs/${second}/dataset`],
  ['files', () => '/files'],
  ['storage', () => '/storage'],
  ['settings', () => '/settings'],
];
