// Pictures of the page for the README, as Chromium draws it: light and dark.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const size = { width: 1280, height: 800 };

/**
 * @param {string} bin the command line
 * @param {Record<string, string | undefined>} env with the home whose runs are shown
 * @param {string[]} ids of the runs that are compared, the first first
 * @param {string} into directory of the pictures
 */
export async function pagePictures(bin, env, ids, into) {
  const server = spawn(process.execPath, [bin, 'ui', '--no-open', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const [told] = await once(server.stdout, 'data');
    const { origin, href } = new URL(String(told).trim());
    const both = encodeURIComponent(JSON.stringify(ids));
    const pages = {
      runs: '/?columns=status,curve,loss,setting:unet_lr,verdict,duration,when',
      compare: `/compare?run=${both}`,
      samples: `/samples?run=${both}`,
    };
    const options = {
      viewport: size,
      deviceScaleFactor: 2,
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    };
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(href);
    // The address lets it in once.
    await page.getByRole('navigation').first().waitFor();
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(origin + path);
        await page.locator('main h1').waitFor();
        await page.locator('main [class*=animate-pulse][aria-hidden]').first().waitFor({ state: 'detached' });
        // What comes may ask for more; the stream of events never ends.
        await page.waitForTimeout(500);
        await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => {}))));
        const drawn = await page.screenshot();
        // Samples are noise, which nothing makes small: half as fine.
        const width = name === 'samples' ? size.width : 2 * size.width;
        const small = await sharp(drawn)
          .resize(width)
          .png({ palette: true, colours: 256, effort: 10, compressionLevel: 9 })
          .toBuffer();
        writeFileSync(join(into, `page-${name}-${colorScheme}.png`), small);
      }
    }
  } finally {
    await browser.close();
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}
