import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Lets a file of this machine fall on the page, and gives the sizes of what was then sent. */
async function drop(name: string, content: Buffer): Promise<number[]> {
  const { page } = guest;
  const sent: number[] = [];
  const count = (request: { method(): string; postDataBuffer(): Buffer | null; headers(): Record<string, string> }) => {
    if (request.method() === 'POST')
      sent.push(Number(request.headers()['content-length'] ?? request.postDataBuffer()?.length));
  };
  page.on('request', count);
  const answered = page.waitForResponse((response) => response.url().includes('/api/examine'));
  const data = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob('${content.toString('base64')}'), (each) => each.charCodeAt(0));
    transfer.items.add(new File([bytes], ${JSON.stringify(name)}));
    return transfer;
  })()`);
  await page.getByText('Drop a model, a sample or a render here').dispatchEvent('drop', { dataTransfer: data });
  await answered;
  page.off('request', count);
  return sent;
}

describe('a file that is dropped', () => {
  it('is told whence it is; of a model the header alone is sent', async () => {
    const { page, go, faults } = guest;
    await go('/files');
    const genuine = readFileSync(join(on.world.root, 'output/noob-wolf-v2s12/noob-wolf-v2s12.safetensors'));
    const sent = await drop('renamed.safetensors', genuine);
    await page.getByRole('link', { name: 'noob-wolf-v2s12' }).waitFor();
    await page.getByText('certain', { exact: true }).waitFor();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBeLessThan(genuine.length - 512 + 400);
    expect(faults).toEqual([]);
  });

  it('is inspected though nobody knows it, however large', async () => {
    const { page, go } = guest;
    await go('/files');
    const large = safetensors(8 << 20, { ss_network_module: 'networks.lora', ss_learning_rate: '0.0003' });
    const [sent] = await drop('foreign.safetensors', large);
    await page.getByText('foreign.safetensors').waitFor();
    expect(sent).toBeLessThan(2000);
  });

  it('is found by its name and bytes where it is a sample', async () => {
    const { page, go } = guest;
    await go('/files');
    const folder = join(on.world.root, 'output/noob-wolf-v1s12/sample');
    const [name = ''] = readdirSync(folder).sort();
    await drop(name, readFileSync(join(folder, name)));
    await page.getByText(name).waitFor();
    await page.getByRole('link', { name: 'noob-wolf-v1s12' }).first().waitFor();
  });
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
    await trash.getByRole('button', { name: 'Put back' }).click();
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
