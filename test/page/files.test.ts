import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shown } from '../support/spoor.ts';
import { safetensors } from '../support/world.ts';
import { eventually, type Visit, visit } from './browser.ts';
import { type Stage, stage } from './stage.ts';

let on: Stage;
let guest: Visit;

beforeAll(async () => {
  on = await stage();
  guest = await visit(on.browser, on.served);
});
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => {
  guest.faults.length = 0;
});

interface Sent {
  name: string;
  body: Buffer;
}

/** Lets files of this machine fall on the page, and gives what was then sent of each. */
async function drop(files: Record<string, Buffer>, onto = 'body'): Promise<Sent[]> {
  const { page } = guest;
  const sent: Sent[] = [];
  const take = (request: { method(): string; url(): string; postDataBuffer(): Buffer | null }) => {
    if (request.method() !== 'POST') return;
    const { pathname, searchParams } = new URL(request.url());
    expect(pathname).toBe('/api/examine');
    sent.push({ name: searchParams.get('name') ?? '', body: request.postDataBuffer() ?? Buffer.alloc(0) });
  };
  page.on('request', take);
  const entries = Object.entries(files).map(([name, content]) => [name, content.toString('base64')]);
  const data = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    for (const [name, content] of ${JSON.stringify(entries)}) {
      const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
      const type = /png$/.test(name) ? 'image/png' : /webp$/.test(name) ? 'image/webp' : '';
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  })()`);
  await page.locator(onto).dispatchEvent('drop', { dataTransfer: data });
  await eventually(() => sent.length).toBe(entries.length);
  page.off('request', take);
  return sent;
}

const looked = (name: string) =>
  guest.page.getByRole('list', { name: 'What was looked at' }).getByRole('listitem').filter({ hasText: name });

describe('a file that is dropped', () => {
  it('is told whence it is; of a model the header alone is sent', async () => {
    const { page, go, faults } = guest;
    await go('/files');
    const genuine = readFileSync(join(on.world.root, 'output/noob-wolf-v2s12/noob-wolf-v2s12.safetensors'));
    const [sent] = await drop({ 'renamed.safetensors': genuine });
    await page.getByRole('link', { name: 'noob-wolf-v2s12' }).waitFor();
    await page.getByText('certain', { exact: true }).waitFor();
    expect(sent?.body.length).toBe(8 + Number(genuine.readBigUInt64LE(0)));
    await page.getByText(/^The header as it stands/).click();
    await page.getByText('ss_output_name', { exact: true }).first().waitFor();
    expect(faults).toEqual([]);
  });

  it('is inspected though nobody knows it, however large', async () => {
    const { page, go } = guest;
    await go('/files');
    const large = safetensors(8 << 20, { ss_network_module: 'networks.lora', ss_learning_rate: '0.0003' });
    const [sent] = await drop({ 'foreign.safetensors': large });
    await page.getByText('foreign.safetensors').first().waitFor();
    expect(sent?.body.length).toBeLessThan(2000);
  });

  it('is found by its bytes where it is a sample, of which no pixel is sent; its step leads to the samples', async () => {
    const { page, go } = guest;
    await go('/files');
    const folder = join(on.world.root, 'output/noob-wolf-v1s12/sample');
    const [name = ''] = readdirSync(folder).sort();
    const picture = readFileSync(join(folder, name));
    const [sent] = await drop({ 'any name.png': picture });
    await looked('any name.png').getByRole('link', { name: 'noob-wolf-v1s12' }).waitFor();
    await looked('any name.png').getByText('certain', { exact: true }).waitFor();
    expect(picture.includes('IDAT')).toBe(true);
    expect(sent?.body.includes('IDAT')).toBe(false);
    expect(sent?.body.length).toBeLessThan(picture.length);
    await looked('any name.png').getByRole('link', { name: 'step 3' }).click();
    await page.getByRole('grid', { name: 'Matrix' }).waitFor();
    await eventually(() => new URL(page.url()).searchParams.get('step')).toBe('3');
  });

  it('leads back the LoRAs of a render, be it a WebP, whose words stand behind its pixels', async () => {
    const { go } = guest;
    const run = await shown(on.world, on.ids[1]);
    const hash = run.artifacts.find(({ final }) => final)?.tensorSha256?.slice(0, 12);
    const parameters = `a wolf <lora:wolf:0.7>\nSteps: 20, Lora hashes: "wolf: ${hash}", Version: v1.9.4`;
    const render = await sharp({
      create: {
        width: 256,
        height: 256,
        channels: 3,
        background: '#46628c',
        noise: { type: 'gaussian', mean: 90, sigma: 50 },
      },
    })
      .withExif({ IFD2: { UserComment: parameters } })
      .webp({ quality: 95 })
      .toBuffer();
    await go('/files');
    const [sent] = await drop({ 'render.webp': render });
    const entry = looked('render.webp');
    await entry.getByText('wolf × 0.7').waitFor();
    await entry.getByRole('link', { name: 'noob-wolf-v2s12' }).waitFor();
    expect(render.length).toBeGreaterThan(10_000);
    expect(sent?.body.length).toBeLessThan(1500);
  });

  it('may fall anywhere, be several at once, and each keeps its place', async () => {
    const { page, go } = guest;
    await go('/files');
    const models = ['a', 'b', 'c', 'd', 'e'].map((name) => [
      `${name}.safetensors`,
      safetensors(512, { ss_output_name: name }),
    ]);
    const files = Object.fromEntries(models) as Record<string, Buffer>;
    await drop(files, 'header nav >> nth=0');
    const names = () =>
      page
        .getByRole('list', { name: 'What was looked at' })
        .getByRole('heading')
        .locator('span:first-of-type')
        .allTextContents();
    await eventually(names).toEqual(Object.keys(files));
    await eventually(() => page.getByText('model', { exact: true }).count()).toBe(5);
    expect(new URL(page.url()).pathname).toBe('/files');
  });

  it.each([
    [
      'cut.safetensors',
      safetensors(4096, { ss_output_name: 'w' }).subarray(0, 60),
      /cut\.safetensors.*claims \d+ bytes and the file has 60/,
    ],
    [
      'huge.safetensors',
      Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(4000)]),
      /its header claims 1099511627776 bytes/,
    ],
    [
      'noise.safetensors',
      Buffer.concat([Buffer.from([16, 0, 0, 0, 0, 0, 0, 0]), Buffer.alloc(400, 7)]),
      /noise\.safetensors/,
    ],
    ['empty.safetensors', Buffer.alloc(0), /it has 0 bytes/],
  ])('says of %s what is wrong with it', async (name, content, message) => {
    const { go, faults } = guest;
    await go('/files');
    const [sent] = await drop({ [name]: content });
    expect(sent?.body.length).toBeLessThanOrEqual(60);
    await eventually(() => looked(name).textContent()).toMatch(message);
    // The refusal is an answer, and nothing else went wrong.
    expect(faults.filter((each) => !/^(?:4\d\d: |console: Failed to load resource)/.test(each))).toEqual([]);
  });

  it.each(['notes.txt', 'old.ckpt', 'archive.zip'])(
    'of another kind (%s) sends no more than its beginning',
    async (name) => {
      const { go } = guest;
      await go('/files');
      const [sent] = await drop({ [name]: Buffer.from('my secret diary, '.repeat(999)) });
      expect(sent?.body.length).toBe(12);
      await eventually(() => looked(name).textContent()).toMatch(/nothing|no run|not/i);
    },
  );
});

it('takes files by keyboard too', async () => {
  const { page, go } = guest;
  await go('/files');
  const field = page.getByLabel('Drop a model, a sample or a render here');
  for (let press = 0; press < 20 && !(await field.evaluate((each) => each.matches(':focus'))); press++) {
    await page.keyboard.press('Tab');
  }
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Space');
  await (await chooser).setFiles({
    name: 'chosen.safetensors',
    mimeType: 'application/octet-stream',
    buffer: safetensors(512, { ss_output_name: 'chosen' }),
  });
  await looked('chosen.safetensors').getByText('model', { exact: true }).waitFor();
});

describe('the storage', () => {
  it('says what takes the space, and puts back from the trash', async () => {
    const { page, go, faults } = guest;
    const [first] = on.ids;
    await go('/storage');
    await page.getByRole('region', { name: /used$/ }).getByText('Kept files').waitFor();
    await page.getByRole('region', { name: 'What runs made' }).getByRole('link', { name: 'noob-wolf-v1s12' }).waitFor();
    await go('/?group=off');
    await page.getByRole('checkbox', { name: 'Select noob-wolf-v1s12' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'To the trash' }).click();
    await page.getByText('1 run moved to the trash').waitFor();
    await go('/storage');
    const trash = page.getByRole('region', { name: 'Trash' });
    await trash.getByText('noob-wolf-v1s12').waitFor();
    await trash.getByRole('button', { name: 'Put noob-wolf-v1s12 back' }).click();
    await page.getByText('The trash is empty.').waitFor();
    expect((await shown(on.world, first)).name.full).toBe('noob-wolf-v1s12');
    expect(faults).toEqual([]);
  });

  it('empties the trash only once it is asked again', async () => {
    const { page, go } = guest;
    await go('/?group=off');
    await page.getByRole('checkbox', { name: 'Select noob-wolf-v1s12' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'To the trash' }).click();
    await page.getByText('1 run moved to the trash').waitFor();
    await go('/storage');
    await page.getByRole('button', { name: /^Empty/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Empty the trash?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('region', { name: 'Trash' }).getByText('noob-wolf-v1s12').waitFor();
    await page.getByRole('button', { name: /^Empty/ }).click();
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('The trash is empty.').waitFor();
    const trash = join(on.world.spoorHome, 'trash');
    await eventually(() => (existsSync(trash) ? readdirSync(trash) : [])).toEqual([]);
  });
});
