import { afterAll, beforeAll, expect, test } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld } from '../support/world.ts';
import { noViolations, violationsByTheme } from './axe.ts';
import { enter, type Open, open, type Visit } from './browser.ts';

let on: Open;
let guest: Visit;
let ids: string[];

beforeAll(async () => {
  const world = makeWorld();
  const first = await recorded(world, training(world), { args: ['--name', 'noob-wolf-v1s6', '--reason', 'first try'] });
  const second = await recorded(
    world,
    training(world, '--unet_lr', '4e-4', '--output_name', 'b', '--output_dir', `${world.root}/out-b`),
    {
      args: ['--name', 'noob-wolf-v2s6'],
    },
  );
  ids = [first.run.id, second.run.id];
  await spoor(world, ['verdict', 'noob-wolf-v1s6', 'mixed', '--why', 'the nights are flat']);
  on = await open(world);
  guest = await enter(on.browser, on.served);
});
afterAll(() => on?.[Symbol.asyncDispose]());

const pages: [string, () => string][] = [
  ['the list of runs', () => '/'],
  ['the list of runs, ungrouped', () => '/?group=off'],
  ['the overview of a run', () => `/runs/${ids[1]}`],
  ['the charts of a run', () => `/runs/${ids[1]}?tab=charts`],
  ['the samples of a run', () => `/runs/${ids[1]}?tab=samples`],
  ['the log of a run', () => `/runs/${ids[1]}?tab=log`],
  ['the inputs of a run', () => `/runs/${ids[1]}?tab=inputs`],
  ['the checkpoints of a run', () => `/runs/${ids[1]}?tab=checkpoints`],
  ['the notes of a run', () => `/runs/${ids[1]}?tab=notes`],
  ['the journal of a run', () => `/runs/${ids[1]}?tab=journal`],
  ['a comparison', () => `/compare?run=${encodeURIComponent(JSON.stringify(ids))}`],
  ['the code of a comparison', () => `/compare?run=${encodeURIComponent(JSON.stringify(ids))}&tab=code`],
  ['the curves of a comparison', () => `/compare?run=${encodeURIComponent(JSON.stringify(ids))}&tab=charts`],
  ['the matrix of samples', () => `/samples?run=${encodeURIComponent(JSON.stringify(ids))}`],
  ['a pair of samples', () => `/samples?run=${encodeURIComponent(JSON.stringify(ids))}&view=pair`],
  ['one step of samples', () => `/samples?run=${encodeURIComponent(JSON.stringify(ids))}&view=step`],
  ['the samples of a comparison', () => `/compare?run=${encodeURIComponent(JSON.stringify(ids))}&tab=samples&all=true`],
  ['the families', () => '/families'],
  ['a family', () => '/families/noob-wolf'],
  ['a dataset', () => `/runs/${ids[1]}/dataset`],
  ['a dataset beside that of another version', () => `/runs/${ids[1]}/dataset?since=${ids[0]}&change=all`],
  ['an image of a dataset', () => `/runs/${ids[1]}/dataset?at=0`],
  ['the files', () => '/files'],
  ['the storage', () => '/storage'],
  ['the settings', () => '/settings'],
];

test.each(pages)('%s shows without a fault and can be used by everyone, in light and in dark', async (_, path) => {
  const { page, faults, go } = guest;
  faults.length = 0;
  await go(path());
  expect(await violationsByTheme(page)).toEqual(noViolations);
  expect(faults).toEqual([]);
});
