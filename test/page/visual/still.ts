/** The page on the fixed home, standing still: clock, time zone, language, letters and motion are the same everywhere. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Answer } from '../../../src/api/index.ts';
import { settingsDocument } from '../../../src/cli/settings/document.ts';
import { readSettings } from '../../../src/cli/settings.ts';
import type { RunId } from '../../../src/model/run-id.ts';
import type { SettingsFile } from '../../../src/server/context.ts';
import { serve } from '../../../src/server/server.ts';
import { options } from '../../../src/server/testing/served-home.ts';
import { openHome } from '../../../src/store/home.ts';
import { launchBrowser, type Served, type Visit, visit } from '../browser.ts';
import { fillHome, host, now } from './home.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Still extends AsyncDisposable {
  browser: Browser;
  served: Served;
  ids: RunId[];
}

export async function still(): Promise<Still> {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-still-'));
  const home = await openHome(join(directory, 'home'), host);
  const ids = await fillHome(home);
  const usual = options(home, directory);
  const [served, browser] = await Promise.all([
    serve({
      ...usual,
      recording: { ...usual.recording, host, now: () => now },
      webDirectory: join(root, 'dist', 'web'),
      examine: async () => [
        { check: 'git', state: 'ok', message: 'git 2.39.5', hint: null, commands: [] },
        {
          check: 'space',
          state: 'warning',
          message: '9 GB are free',
          hint: 'A training of yours took 12 GB.',
          commands: ['spoor trash ls'],
        },
      ],
      settings: { ...usual.settings, read: () => settingsIn(join(directory, 'user')) },
    }),
    launchBrowser({ FONTCONFIG_FILE: onlyOurFonts(directory) }),
  ]);
  await served.follow();
  return {
    browser,
    served: { ...served, link: () => linkOf(served), stop: () => served.close() },
    ids,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await served.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** As a file with a little of everything is shown. */
async function settingsIn(userHome: string): Promise<SettingsFile> {
  mkdirSync(join(userHome, '.config/spoor'), { recursive: true });
  writeFileSync(
    join(userHome, '.config/spoor/config.toml'),
    `[keep]
samples_budget = "2 GB"
[price]
per_gpu_hour = 0.79
currency = "EUR"
[notify.phone]
type = "ntfy"
url = "https://ntfy.sh/topic"
on = ["failure", "nan"]
[notify.mine]
type = "command"
argv = ["/usr/local/bin/tell"]
[notify.chat]
type = "discord"
`,
  );
  const read = settingsDocument(await readSettings({}, userHome));
  return { ...read, file: '/home/user/.config/spoor/config.toml' };
}

async function linkOf({ origin, token }: { origin: string; token: string }): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${origin}/api/session/link`, { method: 'POST', headers });
  return ((await response.json()) as { url: string }).url;
}

/**
 * What stands in for the fonts of the machine: those of one package, without hinting. What the page brings itself is
 * not concerned.
 */
function onlyOurFonts(directory: string): string {
  const file = join(directory, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${join(root, 'node_modules', 'dejavu-fonts-ttf', 'ttf')}</dir>
  <cachedir>${join(directory, 'font-cache')}</cachedir>
  <match target="font">
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hinting" mode="assign"><bool>false</bool></edit>
    <edit name="hintstyle" mode="assign"><const>hintnone</const></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
</fontconfig>
`,
  );
  return file;
}

/** A visitor at noon of the day after the last run was started. */
export async function onlooker(
  { browser, served }: Still,
  colorScheme: 'light' | 'dark',
  width: number,
  height: number,
): Promise<Visit> {
  const guest = await visit(browser, served, {
    viewport: { width, height },
    deviceScaleFactor: 1,
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await guest.context.clock.setFixedTime(now);
  await guest.context.route('**/api/storage', async (route) => {
    const answer = (await (await route.fetch()).json()) as Answer<'readStorage'>;
    await route.fulfill({ json: settled(answer) });
  });
  return guest;
}

/** Where it lies, what the disk has left, how large SQLite made its file and how many browsers were let in: by chance. */
function settled(answer: Answer<'readStorage'>): Answer<'readStorage'> {
  const fixed: Record<string, number> = { catalog: 98_304, other: 290 };
  const parts = answer.parts.map(({ part, files, bytes }) =>
    part in fixed ? { part, files: 1, bytes: fixed[part] ?? 0 } : { part, files, bytes },
  );
  return { ...answer, home: '/home/lab/.local/share/spoor', free: 412_000_000_000, parts };
}

/** The page as it looks when it has come to rest: fonts and pictures are there, and nothing changes any more. */
export async function picture(page: Page): Promise<Buffer> {
  await page.evaluate(
    'document.fonts.ready.then(() => Promise.all([...document.images].map((each) => each.decode().catch(() => {}))))',
  );
  return page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' });
}

/** One after which nothing changes for a while, in milliseconds: where nothing else tells when it is right. */
export async function settledPicture(page: Page, quiet = 1000): Promise<Buffer> {
  let last = await picture(page);
  for (let since = Date.now(); Date.now() < since + quiet; ) {
    await page.waitForTimeout(200);
    const next = await picture(page);
    if (!next.equals(last)) since = Date.now();
    last = next;
  }
  return last;
}
