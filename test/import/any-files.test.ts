import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SpoorError } from '../../src/model/errors.ts';
import { defaultSettings } from '../../src/model/settings.ts';
import { openHome } from '../../src/store/home.ts';
import { importPaths } from '../../src/tracker/import/import-paths.ts';
import { verifyHome } from '../../src/tracker/verify-home.ts';
import { safetensors } from '../support/world.ts';
import { fixtures, metadataOf } from './play.ts';

const kohya = join(fixtures, 'kohya');
const A = join(kohya, 'A-good-lora-pty');
const registry = {
  format: 'spoor-run',
  version: 1,
  run: '01M852ZDZX5TYAHRN9YRWJV4A4',
  name: '../../x',
  startedAt: 'soon',
  files: {},
};

/** Files as trainings leave them, by names that an import looks at. */
const genuine: Record<string, Buffer> = {
  'out/kumo.safetensors': safetensors(64, metadataOf('A-good-lora-pty')),
  'out/kumo-step00000008.safetensors': safetensors(64, metadataOf('B-lr-and-captions-pty')),
  'out/config.toml': readFileSync(join(A, 'config.toml')),
  'out/kumo_20250102-030405.json': readFileSync(join(fixtures, 'kohya_ss-gui/locon-Prodigy.json')),
  'out/spoor.json': Buffer.from(JSON.stringify(registry)),
  'out/repos.git': Buffer.from(
    '[repository "sd-scripts"]\n\tpath = /x\n\tcommit = 8f4ee8fc343b047965cd8976fca65c3a35b7593a\n',
  ),
  'out/sdscripts.log': readFileSync(join(A, 'cap/tty.raw')).subarray(0, 20_000),
  'out/logs/a20261123205349/network_train/events.out.tfevents.1795467255.vm.2965.0': readFileSync(
    join(A, 'logs/kumo-20261123205349/network_train/events.out.tfevents.1795467255.vm.2965.0'),
  ),
  'out/sample/kumo_000016_00_20261123205623_42.png': Buffer.from('no picture'),
  'out/wolf.spoor.tar': Buffer.concat([Buffer.from('01M852ZDZX5TYAHRN9YRWJV4A4/manifest.json\0'), Buffer.alloc(1500)]),
};

const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.uint8Array({ maxLength: 24 }),
  cut: fc.boolean(),
});

function damaged(content: Buffer, { at, bytes, cut }: { at: number; bytes: Uint8Array; cut: boolean }): Buffer {
  const place = Math.floor(at * content.length);
  if (cut) return content.subarray(0, place);
  return Buffer.concat([
    content.subarray(0, place),
    bytes,
    content.subarray(Math.min(content.length, place + bytes.length)),
  ]);
}

it('whatever files lie there, an import ends, keeps only valid facts, and done again adds nothing', async () => {
  const names = Object.keys(genuine);
  const some = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.option(damage, { freq: 2 })), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: names.length,
  });
  await fc.assert(
    fc.asyncProperty(some, async (files) => {
      const root = mkdtempSync(join(tmpdir(), 'spoor-import-'));
      try {
        for (const [name, how] of files) {
          mkdirSync(dirname(join(root, 'trainings', name)), { recursive: true });
          writeFileSync(join(root, 'trainings', name), how === null ? genuine[name]! : damaged(genuine[name]!, how));
        }
        const home = await openHome(join(root, 'home'), 'lair');
        const recording = {
          home,
          host: 'lair',
          env: { PATH: process.env.PATH },
          now: () => new Date(),
          version: '0.1.0',
          settings: defaultSettings,
        };
        const request = { paths: [join(root, 'trainings')], map: [], dryRun: false, previews: false, userHome: root };
        const run = () => importPaths(recording, request, () => {});
        const first = await run();
        const again = await run();
        expect(again.runs.filter(({ outcome }) => outcome === 'added' || outcome === 'updated')).toEqual([]);
        expect(again.runs.length).toBe(first.runs.length);
        expect(await verifyHome(recording, null, () => {})).toEqual([]);
      } catch (error) {
        if (!(error instanceof SpoorError)) throw error;
        throw new Error(`${error.code}: ${error.message}`);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
