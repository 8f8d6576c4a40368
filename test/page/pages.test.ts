import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { launchBrowser, type Served, serve, type Visit, visit } from './browser.ts';

let world: World;
let served: Served;
let browser: Browser;
let ids: string[];

beforeAll(async () => {
  world = makeWorld();
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
  served = await serve(world);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await served?.stop();
  world?.remove();
});

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

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  let guest: Visit;
  beforeAll(async () => {
    guest = await visit(browser, served, { colorScheme });
  });
  afterAll(() => guest?.context.close());

  test.each(pages)('%s shows without a fault and can be used by everyone', async (_, path) => {
    const { page, faults, go } = guest;
    faults.length = 0;
    await go(path());
    const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    expect(told).toEqual([]);
    expect(faults).toEqual([]);
  });
});
