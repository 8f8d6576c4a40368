/** Three runs that drew eight prompts at sixty steps each: 1,440 pictures. */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Told } from '../../src/model/facts.ts';
import { makeRunId } from '../../src/model/run-id.ts';
import { parseRunName } from '../../src/model/run-name.ts';
import { created, ended, sample } from '../../src/server/testing/served-home.ts';
import { openHome } from '../../src/store/home.ts';
import { spoor } from '../support/spoor.ts';
import { makeWorld } from '../support/world.ts';
import { eventually, type Open, open, type Visit, visit } from './browser.ts';
import { runsParam } from './stage.ts';

const prompts = 8;
const steps = Array.from({ length: 60 }, (_, at) => (at + 1) * 100);
let on: Open;
let guest: Visit;
let ids: string[];

beforeAll(async () => {
  const world = makeWorld();
  const home = await openHome(world.spoorHome, 'den');
  ids = await Promise.all(
    ['#24406e', '#b4541a', '#2b7a5b'].map(async (background, index) => {
      const id = makeRunId(Date.UTC(2026, 0, 1 + index), new Uint8Array(10).fill(index));
      const image = { create: { width: 64, height: 96, channels: 3 as const, background } };
      const bytes = await sharp(image).png().toBuffer();
      // The third was asked for the prompts in another order.
      const lines = Array.from(
        { length: prompts },
        (_, at) => `a wolf, scene ${index === 2 ? prompts - 1 - at : at} --d 40`,
      );
      const [picture, file] = await home.objects.putAll([bytes, Buffer.from(lines.join('\n'))]);
      if (!picture || !file) throw new Error('not kept');
      const { sha256 } = picture;
      const facts = steps.flatMap((step) =>
        lines.flatMap((_, prompt): Told[] => {
          const path = `/out/${index}-${step}-${prompt}.png`;
          const drawn = { width: 64, height: 96, format: 'png' };
          return [
            sample(path, { step, prompt, seed: 40, bytes: bytes.length, sha256 }),
            { type: 'kept', path, object: sha256, kept: true },
            { type: 'preview', path, sha256, preview: null, image: drawn, reason: null },
          ];
        }),
      );
      const asked: Told = {
        type: 'file',
        file: {
          role: 'prompts',
          path: '/prompts.txt',
          key: 'sample_prompts',
          kind: 'file',
          sha1: null,
          sha256: file.sha256,
          bytes: file.bytes,
          object: file.sha256,
        },
      };
      home.runs.create(id);
      const log = home.runs.openLog(id, 'journal');
      const all = [created(id, '', { name: parseRunName(`noob-wolf-v${index + 1}s6000`) }), asked, ...facts, ended()];
      log.appendStamped(all.map((fact) => ({ v: 1, at: '2026-01-01T00:00:00.000Z', host: 'den', ...fact })));
      await log.close();
      return id;
    }),
  );
  await spoor(world, ['reindex']);
  on = await open(world);
  guest = await visit(on.browser, on.served);
}, 120_000);
afterAll(() => on?.[Symbol.asyncDispose]());

it('draws only the cells in sight of 1,440, and those of another place after scrolling there', async () => {
  const { page, go, faults } = guest;
  await go(`/samples?run=${runsParam(ids)}&step=100`);
  const table = page.getByRole('grid', { name: 'Matrix' });
  await eventually(() => table.getAttribute('aria-rowcount')).toBe('25');
  expect(await table.getAttribute('aria-colcount')).toBe('61');
  const cells = table.getByRole('gridcell');
  await cells.first().waitFor();
  expect(await cells.count()).toBeLessThan(120);
  await page.keyboard.press('End');
  const last = table.getByRole('columnheader', { name: 'step 6000', exact: true });
  await last.waitFor();
  expect(await cells.count()).toBeLessThan(120);
  // What is chosen is in sight, beside the column that says whose a row is.
  const chosen = table.locator('[aria-selected="true"]').first();
  const isInSight = async () => {
    const [cell, frame] = [await chosen.boundingBox(), await table.boundingBox()];
    return cell && frame && cell.x + cell.width <= frame.x + frame.width + 1;
  };
  await eventually(isInSight).toBe(true);
  for (const key of Array.from({ length: 40 }, () => 'ArrowLeft')) await page.keyboard.press(key);
  await table.getByRole('columnheader', { name: 'step 2000', exact: true }).waitFor();
  await eventually(() => new URL(page.url()).searchParams.get('step')).toBe('2000');
  expect(faults).toEqual([]);
});

it('has prompts that stand elsewhere in the file of one run in the rows of their words', async () => {
  const { page, go } = guest;
  await go(`/samples?run=${runsParam(ids)}&view=step&step=300`);
  const sections = page.locator('main section');
  await eventually(() => sections.count()).toBe(prompts);
  const pictures = sections.first().locator('img');
  await eventually(() => pictures.evaluateAll((all) => all.map((each) => each.getAttribute('alt')))).toEqual(
    Array.from({ length: 3 }, () => 'a wolf, scene 0'),
  );
});

it('scrolls through all of it without a long task', async () => {
  const { page, go, rest } = guest;
  const longest = async () => {
    await go(`/samples?run=${runsParam(ids)}&step=100`);
    await page.getByRole('grid', { name: 'Matrix' }).getByRole('img').first().waitFor();
    await rest();
    return Number(await page.evaluate(scrollThrough));
  };
  // What else the machine does makes a task longer, never shorter: one quiet turn of three tells.
  const turns = [await longest()];
  while (turns.length < 3 && Math.min(...turns) >= 400) turns.push(await longest());
  expect(Math.min(...turns)).toBeLessThan(400);
});

/** Gives the longest task meanwhile, in milliseconds. */
const scrollThrough = `(async () => {
  const tasks = [];
  const seen = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
  seen.observe({ type: 'longtask' });
  const grid = document.querySelector('[role=grid]');
  for (let at = 0; at < 60; at++) {
    grid.scrollLeft = at * 120;
    grid.scrollTop = at * 60;
    await new Promise(requestAnimationFrame);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  return Math.max(0, ...tasks);
})()`;
