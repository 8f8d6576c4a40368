import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { importedRun, layOut, world } from '../import/play.ts';
import { eventually, held, start, temporaryWorld } from '../run/play.ts';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

/** A genuine training of 24 steps, and one whose losses are NaN from step 2 on. */
async function genuine() {
  const made = world();
  const good = await importedRun(made, layOut(made, 'A-good-lora-pty'));
  const bad = await importedRun(made, layOut(made, 'F1-nan-loss-pty'));
  return { made, good, bad };
}

const plot = async (made: World, args: string[], env: Record<string, string> = {}) => {
  const { exitCode, stdout, stderr } = await spoor(made, ['plot', ...args], { env: { COLUMNS: '80', ...env } });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
};

test('genuine losses in a terminal of 80 and of 120 columns', async () => {
  const { made, good, bad } = await genuine();
  const { stdout, stderr } = await plot(made, [good.id, bad.id, '--tag', 'loss/current']);
  const ids = (text: string) =>
    text.replaceAll(good.id.slice(0, 10), 'GOOD______').replaceAll(bad.id.slice(0, 10), 'BAD_______');
  expect(ids(stdout)).toMatchInlineSnapshot(`
    "loss/current · smoothed 0.9
       │                                                                            
    1.3┤                                                                            
       │                                                                            
       │                                                                            
    1.2┤                                                                            
       │                                                                            
       │                          ⣀                               ⣀⠤⣀⣀              
    1.1┤                  ⢀⡠⠤⠤⠤⠔⠊⠉ ⠉⠒⠤⠤⠤⢄⡠⠤⠤⠤⠤⠤⠤⠤⠤⢄⠤⠤⠔⠒⠤⠤⣄⣀⣀⣀⣀⠤⠤⠔⠉    ⠉⠑⠦⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
       │⣀             ⢀⡠⠔⠊⠁                                                         
      1┤⠉⢄          ⣀⠎⠁                                                             
       │  ⢣        ⡔⠁                                                               
       │   ⠑⠒⠒⠤⠤⠤⠤⠎                                                                 
    0.9┤                                                                            
       │                                                                            
       └─────────────┬───────────────┬────────────────┬───────────────┬─────────────
                     5              10               15              20
                                                                               steps
    ━━ kumo (GOOD______)
       24 points, last 1.096
    ┄┄ kumo (BAD_______)
       12 points, last NaN; 11 not finite, the first at 2
    "
  `);
  expect(ids(stderr)).toMatchInlineSnapshot(`""`);
  const wide = (await plot(made, [good.id], { COLUMNS: '120' })).stdout.split('\n');
  expect(Math.max(...wide.map((line) => [...line].length))).toBe(120);
  expect(wide.join('\n')).toMatchInlineSnapshot(`
    "loss/average
        │                                                                     ⡠⠤⠔⠒⠊⠉⠢⡀            ⢀⡀                        
     1.1┤                                                                   ⢀⠔⠁      ⠈⠢⡀       ⢀⠤⠊⠁⠈⠒⠤⡀                     
        │                                                                 ⢀⠔⠁          ⠈⠢⠤⠤⠤⠤⠤⠊⠁      ⠈⠑⡄                   
        │                                        ⡀                      ⡠⠊⠁                             ⠈⢆                  
        │                                      ⡠⠊⠈⠢⣀                 ⣀⠔⠉                                  ⢣⡀    ⡠⠔⠒⠒⠒⠒⠒⠒⠤⠤⠤⠤
        │                                    ⡠⠊     ⠑⢄      ⢀⣀⡠⠤⠔⠒⠒⠊⠉                                      ⠘⢄⢀⠔⠊            
        │                               ⣀⡠⠤⠒⠊         ⠉⠉⠉⠉⠉⠉⠁                                               ⠈⠁              
        │                            ⢀⠔⠉                                                                                    
    1.05┤                           ⡠⠃                                                                                      
        │⡶                        ⡰⠊                                                                                        
        │⢸                      ⢀⠎                                                                                          
        │⠈⡆                    ⡠⠃                                                                                           
        │ ⢱                  ⢀⠜                                                                                             
        │ ⠘⡄                ⢀⠎                                                                                              
       1┤  ⢇                ⡜                                                                                               
        │  ⠸⡀              ⢠⠃                                                                                               
        │   ⡇              ⡎                                                                                                
        │   ⢸             ⡰⠁                                                                                                
        │   ⠈⡆           ⢀⠇                                                                                                 
        │    ⢣           ⡜                                                                                                  
    0.95┤    ⠘⡄         ⢠⠃                                                                                                  
        │     ⠉⠉⠉⠒⠒⠒⠤⠤⠤⣀⡎                                                                                                   
        └────────────────────┬────────────────────────┬───────────────────────┬────────────────────────┬────────────────────
                             5                       10                      15                       20
                                                                                                                       steps
    ━━ kumo
       24 points, last 1.076
    "
  `);
});

test('colours where they are wanted, and none for whoever wants none', async () => {
  const { made, good } = await genuine();
  const colourful = (await plot(made, [good.id], { FORCE_COLOR: '1' })).stdout;
  expect(colourful).toMatch(/\x1b\[36m[⠁-⣿]+\x1b\[39m/u);
  expect((await plot(made, [good.id], { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain('\x1b');
});

test('JSON holds every point over the axis that was asked for, and what sets the losses apart', async () => {
  const { made, good, bad } = await genuine();
  const json = async (...args: string[]) => JSON.parse((await plot(made, [...args, '--json'])).stdout);
  const step = await json(good.id, bad.id, '--tag', 'loss/current', '--smooth', '0');
  expect(step).toMatchObject({ tag: 'loss/current', x: 'step', smooth: 0, curves: [{ run: { id: good.id } }, {}] });
  expect(step.curves[0].x).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  expect(step.curves[1].y[1]).toBe('NaN');
  expect(step.curves[1].smoothed).toBeNull();
  expect((await json(good.id)).tag).toBe('loss/average');
  const [images] = (await json(good.id, '--x', 'images')).curves;
  const batch = good.settings.find(({ key }) => key === 'train_batch_size')?.value;
  expect(images.x).toEqual(step.curves[0].x.map((each: number) => each * Number(batch ?? 1)));
  const [time] = (await json(good.id, '--x', 'time')).curves;
  expect(time.x[0]).toBe(0);
  expect(time.x).toEqual(time.x.toSorted((a: number, b: number) => a - b));
  const [epoch] = (await json(good.id, '--x', 'epoch')).curves;
  expect(epoch.x.at(-1)).toBe(good.progress?.epochs);
});

test('a drawing and a picture of it, legible on a machine without fonts', async () => {
  const { made, good } = await genuine();
  const fonts = made.write(join(made.root, 'fonts.conf'), '<?xml version="1.0"?><fontconfig></fontconfig>');
  const [svg, png] = ['loss.svg', 'loss.png'].map((name) => join(made.root, name)) as [string, string];
  const args = [good.id, '--tag', 'loss/current', '--svg', svg, '--png', png];
  const { exitCode, stdout, stderr } = await plot(made, args, { FONTCONFIG_FILE: fonts });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toContain('1 curve of loss/current in');
  expect(readFileSync(svg, 'utf8')).toMatchSnapshot();
  expect(statSync(png).mode & 0o777).toBe(0o644);
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 2400, channels: 3 });
  const share = (left: number, top: number, right: number, bottom: number, is: (rgb: number[]) => boolean) => {
    let found = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = (y * info.width + x) * 3;
        if (is([data[at]!, data[at + 1]!, data[at + 2]!])) found++;
      }
    }
    return found / ((right - left) * (bottom - top));
  };
  const dark = ([r = 255]: number[]) => r < 100;
  // Letters of the title, not the boxes that stand for letters without a font; none beside it; the curve in its colour.
  expect(share(72, 56, 330, 104, dark)).toBeGreaterThan(0.08);
  expect(share(72, 56, 330, 104, dark)).toBeLessThan(0.3);
  expect(share(1300, 20, 2300, 104, dark)).toBe(0);
  expect(
    share(190, 260, 2320, 1200, ([r = 255, g = 0, b = 0]) => r < 40 && g > 90 && g < 140 && b > 150),
  ).toBeGreaterThan(0.001);
});

test('where a resumed training goes on is marked, in text, JSON and drawing', async () => {
  const world = temporaryWorld();
  const hold = held(world);
  const logs = ['--logging_dir', join(world.root, 'logs')];
  const first = start(world, ['run', '--', ...training(world, ...logs, '--max_train_steps', '6')], { env: hold.env });
  await eventually(() => hold.ready());
  const state = join(world.output, 'wolf-step00000004-state');
  world.write(join(state, 'train_state.json'), '{"current_epoch": 1, "current_step": 4}');
  hold.go();
  expect(await first.exit).toBe(0);
  const parent = await shown(world, '@');
  const { run } = await recorded(world, training(world, ...logs, '--max_train_steps', '5', '--resume', state));
  const { curves } = JSON.parse((await plot(world, [run.id, '--x', 'time', '--json'])).stdout);
  expect(curves[0].x).toHaveLength(9);
  // The time between the two runs was no time of training.
  expect(curves[0].seams).toEqual([{ x: curves[0].x[4], run: run.id, from: parent.id }]);
  expect(curves[0].x[4]).toBe(curves[0].x[3]);
  const { stdout } = await plot(world, [run.id]);
  expect(stdout).toContain(`┊ goes on from ${parent.id.slice(0, 10)} at 5`);
  const svg = join(world.root, 'resumed.svg');
  expect((await plot(world, [run.id, '--svg', svg])).exitCode).toBe(0);
  expect(readFileSync(svg, 'utf8')).toContain('stroke-dasharray');
});

test('losses of another kind or batch are said to be no comparison; learning rates are', async () => {
  const world = temporaryWorld();
  const logs = ['--logging_dir', join(world.root, 'logs')];
  await recorded(world, training(world, ...logs), { args: ['--name', 'a'] });
  const more = ['--loss_type', 'huber', '--min_snr_gamma', '5', '--train_batch_size', '2'];
  await recorded(world, training(world, ...logs, ...more), { args: ['--name', 'b'] });
  expect((await plot(world, ['a', 'b'])).stderr).toMatch(
    /these losses cannot be compared: the runs differ in loss_type \("l2", "huber"\), min_snr_gamma .*train_batch_size/s,
  );
  expect((await plot(world, ['a'])).stderr).toBe('');
});

test('what cannot be drawn is an error that names what can', async () => {
  const { made, good } = await genuine();
  expect(await plot(made, [good.id, '--tag', 'loss/nothing'])).toMatchObject({
    exitCode: 66,
    stdout: '',
    stderr: expect.stringMatching(/no series "loss\/nothing" of kumo\nhint: There are: .*loss\/current.*lr\/unet/s),
  });
  expect(await plot(made, [good.id, '--x', 'moon'])).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('step, time, epoch, images'),
  });
  expect(await plot(made, [good.id, '--smooth', '1'])).toMatchObject({ exitCode: 64 });
  expect(await plot(made, [good.id, '--png', 'loss.jpg'])).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('.png'),
  });
  const errors = await plot(made, [good.id, '--tag', 'nothing', '--json']);
  expect(JSON.parse(errors.stderr).error.code).toBe('no-such-series');
});
