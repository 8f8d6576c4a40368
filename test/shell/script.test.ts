import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../run/play.ts';
import { shown } from '../support/spoor.ts';
import {
  commandOnPath,
  guideScript,
  guideWorld,
  inserted,
  left,
  name,
  play,
  shells,
  start,
  writeScript,
} from './guide.ts';

describe.each(shells)("the guide's script under %s", (shell) => {
  test('trains in the environment, is recorded and lays out its files, in paths with spaces', async () => {
    const world = await guideWorld(shell);
    const { status, stderr } = await play(world);
    const added = [
      `--output_dir=${world.run}`,
      `--output_name=${name}`,
      '--max_train_steps=24',
      `--dataset_config=${world.training}/config.toml`,
      `--sample_prompts=${world.training}/sample-prompts.txt`,
      `--logging_dir=${world.run}/logs`,
    ];
    expect([status, stderr]).toEqual([0, expect.stringContaining(`spoor: added ${added.join(' ')}\n`)]);
    const run = await shown(world, '@');
    expect(run).toMatchObject({
      name: { full: name, model: 'noob', dataset: 'wolf', version: '1', steps: 24 },
      status: 'succeeded',
      exitCode: 0,
      outputDir: world.run,
      cwd: world.trainer,
      dataset: { images: 4 },
      environment: { executable: join(world.home, 'miniconda3/envs/sdscripts/bin/python') },
    });
    const trainer = join(world.trainer, 'train_network.py');
    expect(run.command).toEqual(['python', trainer, `--pretrained_model_name_or_path=${world.base}`, ...added]);
    expect(run.repos.map((each) => each.path)).toContain(world.trainer);
    expect(run.warnings.filter(({ code }) => code.startsWith('layout'))).toEqual([]);
    expect(left(world.run)).toEqual([
      'config.toml',
      'logs',
      `${name}.safetensors`,
      'repos.git',
      'sample',
      'sample-prompts.txt',
      'sdscripts.log',
      'spoor.json',
      'train wolf.zsh',
    ]);
    const log = readFileSync(join(world.run, 'sdscripts.log'), 'utf8');
    expect(log).toContain('total optimization steps');
    expect(log).toContain('INFO     model saved.');
    const same = [
      ['config.toml', join(world.training, 'config.toml')],
      ['sample-prompts.txt', join(world.training, 'sample-prompts.txt')],
      ['train wolf.zsh', world.script],
    ];
    for (const [copy, original] of same) {
      expect(readFileSync(join(world.run, copy!), 'utf8')).toBe(readFileSync(original!, 'utf8'));
    }
    const repos = join(world.run, 'repos.git');
    const value = (key: string) => execFileSync('git', ['config', '--file', repos, key], { encoding: 'utf8' }).trim();
    expect(value('repository.sd scripts.commit')).toBe(world.git(world.trainer, 'rev-parse', 'HEAD').trim());
    expect(value('repository.sd scripts.branch')).toBe('main');
    expect(value('file.train wolf.zsh.sha1')).toMatch(/^[0-9a-f]{40}$/);
  });

  test('hands on the status of a trainer that fails, and leaves no directory behind but the record', async () => {
    const world = await guideWorld(shell);
    const { status, stderr } = await play(world, { T_FAIL_AT: '3' });
    expect(status).toBe(1);
    expect(stderr).toContain('output_dir/noob-wolf-v1s24 to the trash');
    expect(left(world.outputs)).toEqual([]);
    const run = await shown(world, name);
    expect(run).toMatchObject({ status: 'failed', exitCode: 1, diagnosis: { code: 'out-of-memory' } });
    expect((await play(world)).status).toBe(0);
  });

  test('keeps the output of a failure with NO_CLEAN=1, whether it is exported or not', async () => {
    const world = await guideWorld(shell);
    expect((await play(world, { NO_CLEAN: '1', T_FAIL_AT: '3' })).status).toBe(1);
    expect(left(world.run)).toContain('sdscripts.log');
    inserted(world, 'TRAINING_DIR', 'OUTPUT_DIR="$HOME/elsewhere"; NO_CLEAN=1');
    expect((await play(world, { T_EXIT: '7' })).status).toBe(7);
    expect(left(join(world.home, 'elsewhere', name))).toContain('sdscripts.log');
  });

  test('stops at an output directory that is there, which one sample of a failed run may have kept, and says how to go on', async () => {
    const world = await guideWorld(shell);
    inserted(world, ')', '    --save_every_n_steps=2');
    expect((await play(world, { T_FAIL_AT: '3' })).status).toBe(1);
    expect(left(join(world.run, 'sample'))).toHaveLength(1);
    const kept = left(world.run);
    const again = await play(world);
    expect(again.status).toBe(73);
    expect(again.stderr).toContain(`error: The output directory ${world.run} already exists (run `);
    expect(again.stderr).toContain(', failed); it holds ');
    expect(again.stderr).toMatch(/^hint: .*: NAME=noob-wolf-v2s24$/m);
    expect(again.stderr).toContain(`\n      or move it away: mv '${world.run}' '${world.run}.old'\n`);
    expect(left(world.run)).toEqual(kept);
    expect((await play(world, { ALLOW_EXISTING: '1' })).status).toBe(0);
    expect(await shown(world, '@')).toMatchObject({ status: 'succeeded', outputDir: world.run });
  });

  test('stops where another training writes, and does not advise to move that away', async () => {
    const world = await guideWorld(shell);
    const [ready, go] = [join(world.root, 'ready'), join(world.root, 'go')];
    const first = start(world, { T_READY: ready, T_HOLD: go });
    const registry = join(world.run, 'spoor.json');
    await eventually(
      () => existsSync(ready) && existsSync(registry),
      () => first.texts.stderr,
    );
    const { run: id } = JSON.parse(readFileSync(registry, 'utf8'));
    const second = await play(world);
    expect(second.status).toBe(73);
    expect(second.stderr).toContain(`already exists (run ${id}, running); it holds `);
    expect(second.stderr).toMatch(new RegExp(`^ {6}or .*: spoor log -f ${id}\\n {6}or end it: spoor stop ${id}$`, 'm'));
    expect(second.stderr).not.toContain('mv ');
    world.write(go, '');
    expect((await first.ended).status).toBe(0);
  });

  test('says of a directory that a killed script left how to be rid of it', async () => {
    const world = await guideWorld(shell);
    inserted(world, 'setup_conda_env', 'kill -9 $$$$'); // $$ once replaced
    expect((await play(world)).signal).toBe('SIGKILL');
    writeScript(world, guideScript(world));
    const { status, stderr } = await play(world);
    expect([status, stderr]).toEqual([73, expect.stringContaining('for a training that has not begun)')]);
    const remedy = /: spoor (clean .*)$/m.exec(stderr)?.[1] ?? '';
    commandOnPath(world);
    execFileSync('sh', ['-c', `spoor ${remedy}`], { env: world.env, stdio: 'ignore' });
    expect((await play(world)).status).toBe(0);
  });

  test('takes what it sets itself before what the name says', async () => {
    const world = await guideWorld(shell);
    const script = guideScript(world)
      .replace('# STEPS=2400', 'STEPS=12')
      .replace('# OUTPUT_DIR="/custom/output/path"', `OUTPUT_DIR="${world.home}/custom output"`);
    writeScript(world, `${script}printf '%s\\n' "$NAME" "$DATASET_NAME" "$TRAINING_DIR" "$STEPS" "$OUTPUT_DIR"\n`);
    const { status, stdout } = await play(world);
    expect(status).toBe(0);
    const told = stdout.trimEnd().split('\n').slice(-5);
    expect(told).toEqual([name, 'wolf', world.training, '12', join(world.home, 'custom output')]);
    expect((await shown(world, '@')).command).toContain('--max_train_steps=12');
    expect(left(join(world.home, 'custom output', name))).toContain('repos.git');
  });

  test('takes ~/datasets/DATASET, ~/output_dir and the steps from the name where it sets nothing', async () => {
    const world = await guideWorld(shell);
    world.git(world.root, 'init', '-q', join(world.home, 'datasets/wolf'));
    writeScript(world, guideScript(world).replace(/^TRAINING_DIR=.*\n/m, ''));
    const { status, stderr } = await play(world);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('convention')]);
    expect(await shown(world, '@')).toMatchObject({ outputDir: world.run });
  });

  test('stops where the training directory is missing, and names it', async () => {
    const world = await guideWorld(shell);
    writeScript(world, guideScript(world).replace(/^TRAINING_DIR=.*\n/m, ''));
    const { status, stderr } = await play(world);
    expect(status).toBe(66);
    expect(stderr).toBe(
      `error: The training directory ${world.home}/datasets/wolf does not exist\nhint: Create it, or set TRAINING_DIR in the script to the directory of the dataset.\n`,
    );
    expect(left(world.outputs)).toEqual([]);
  });

  test('warns once of a name outside the convention, and does its best', async () => {
    const world = await guideWorld(shell);
    const script = guideScript(world).replace(name, 'old-wolves').replace('\n)', '\n    --max_train_steps 3\n)');
    writeScript(world, script);
    const { status, stderr } = await play(world);
    expect(status).toBe(0);
    expect(stderr.split('{model}-{dataset}-v{version}s{steps}')).toHaveLength(2);
    expect(stderr).toMatch(/^ +For example noob-wolf-v1s2400; or set TRAINING_DIR and STEPS\.$/m);
    expect(stderr).not.toContain('--max_train_steps');
    expect(await shown(world, '@')).toMatchObject({ name: { full: 'old-wolves' } });
  });

  test('stops where the environment is missing, names those that exist, and takes its directory back', async () => {
    const world = await guideWorld(shell);
    writeScript(world, guideScript(world).replace('"sdscripts"', '"sdscript"'));
    const { status, stderr } = await play(world);
    expect(status).toBe(66);
    expect(stderr).toContain(`There is no conda environment sdscript (${world.home}/miniconda3/bin/conda).`);
    expect(stderr).toMatch(/^hint: .*sdscripts, wolves/m);
    expect(left(world.outputs)).toEqual([]);
  });

  test('takes its directory back also where an earlier run of the name had one', async () => {
    const world = await guideWorld(shell);
    expect((await play(world)).status).toBe(0);
    rmSync(world.run, { recursive: true });
    writeScript(world, guideScript(world).replace('"sdscripts"', '"sdscript"'));
    expect((await play(world)).status).toBe(66);
    expect(left(world.outputs)).toEqual([]);
  });

  test('may have made its variables read-only', async () => {
    const world = await guideWorld(shell);
    writeScript(world, guideScript(world).replace('NAME=', 'readonly NAME=').replace('TRAINING_DIR=', 'readonly $&'));
    const { status, stderr } = await play(world);
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/read-?only/)]);
  });

  test('hears of no failure on its ERR trap but the training’s', async () => {
    const world = await guideWorld(shell);
    const [options, condition] = shell === 'zsh' ? ['', 'ZERR'] : ['set -E; ', 'ERR'];
    inserted(world, 'source', `${options}trap 'echo "failed with $?"' ${condition}`);
    expect(await play(world)).toMatchObject({ status: 0, stdout: expect.not.stringContaining('failed with') });
    rmSync(world.run, { recursive: true });
    const { status, stdout } = await play(world, { T_EXIT: '4' });
    expect([status, stdout.match(/failed with.*/g)]).toEqual([4, ['failed with 4']]);
  });

  test('works under set -euo pipefail, with SD_REPO and LYCORIS_REPO unset', async () => {
    const world = await guideWorld(shell);
    inserted(world, 'NAME=', 'set -euo pipefail');
    const { status, stderr } = await play(world);
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/unbound|parameter not set/)]);
    expect((await shown(world, '@')).status).toBe('succeeded');
    writeScript(world, guideScript(world).replace('NAME=', 'set -euo pipefail\nNAME=').replace('v1s24', 'v2s24'));
    const failed = await play(world, { T_EXIT: '9' });
    expect([failed.status, left(world.outputs)]).toEqual([9, [name]]);
  });

  test('trains when another script sources it, and is the script that is kept', async () => {
    const world = await guideWorld(shell);
    const outer = join(world.home, 'outer script');
    writeScript(
      world,
      `#!/usr/bin/env ${shell}\nset -eu\nsource "${world.script}" one two\necho after "$NAME"\n`,
      outer,
    );
    const { status, stdout } = await start(world, {}, outer).ended;
    expect([status, stdout]).toEqual([0, expect.stringContaining(`after ${name}`)]);
    expect(left(world.run)).toContain('train wolf.zsh');
    expect(left(world.run)).not.toContain('outer script');
  });

  test('is the script that is kept, also where it was started by a relative path and goes elsewhere', async () => {
    const world = await guideWorld(shell);
    inserted(world, 'store_commits_hashes', 'cd /');
    const outer = join(world.home, 'outer script');
    writeScript(world, `#!/bin/sh\ncd "${dirname(world.script)}" && exec './train wolf.zsh'\n`, outer);
    expect((await start(world, {}, outer).ended).status).toBe(0);
    expect(left(world.run)).toContain('train wolf.zsh');
    const script = (await shown(world, '@')).files.find(({ role }) => role === 'script');
    expect(script?.path).toBe(world.script);
  });

  test('starts nothing with DRY_RUN=1, and shows what would be', async () => {
    const world = await guideWorld(shell);
    const { status, stdout } = await play(world, { DRY_RUN: '1' });
    expect([status, left(world.outputs)]).toEqual([0, []]);
    expect(stdout).toContain('max_train_steps');
    expect(stdout).toContain('sd scripts');
  });

  test('tells with DEBUG=1 what is done and found', async () => {
    const world = await guideWorld(shell);
    const { status, stderr } = await play(world, { DEBUG: '1' });
    expect(status).toBe(0);
    const told = stderr.split('\n').filter((line) => line.startsWith('spoor: debug: '));
    for (const each of [
      `NAME=${name} DATASET_NAME=wolf STEPS=24`,
      `conda is ${world.home}/miniconda3/bin/conda; sdscripts is ${world.home}/miniconda3/envs/sdscripts`,
      `python is ${world.home}/miniconda3/envs/sdscripts/bin/python`,
      'config.toml: dataset-config, SHA-1 ',
      `wrote into ${world.run}: config.toml, sample-prompts.txt, train wolf.zsh, repos.git`,
      `runs in ${world.trainer}: python `,
    ]) {
      expect(told.join('\n')).toContain(each);
    }
  });
});
