import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shown } from '../support/spoor.ts';
import { type GuideWorld, guideScript, guideWorld, inserted, left, name, play, shells, writeScript } from './guide.ts';

/** The arguments that were added, by name. */
function addedIn(stderr: string): string[] {
  const line = /^spoor: added (.*)$/m.exec(stderr)?.[1] ?? '';
  return [...line.matchAll(/--(\w+)=/g)].map((match) => match[1]!);
}

describe('run_training_script', () => {
  test('adds nothing that the arguments or their configuration file give', async () => {
    const world = await guideWorld();
    const config = world.write(
      join(world.home, 'train.toml'),
      `[a]\nmax_train_steps = 4\noutput_name = "mine"\nsample_prompts = "${world.training}/sample-prompts.txt"\n`,
    );
    inserted(world, ')', `    --config_file "${config}"\n    --logging_dir="${world.root}/logs"`);
    const { status, stderr } = await play(world);
    expect([status, addedIn(stderr)]).toEqual([0, ['output_dir', 'dataset_config']]);
    expect(left(world.run)).toContain('mine.safetensors');
  });

  test('adds no dataset configuration where the dataset is given, and no steps where epochs are', async () => {
    const world = await guideWorld();
    inserted(world, ')', `    --train_data_dir="${world.training}" --max_train_epochs=2 --max_train_steps=3`);
    expect(addedIn((await play(world)).stderr)).toEqual(['output_dir', 'output_name', 'sample_prompts', 'logging_dir']);
  });

  test("takes no trainer's own configuration for that of a dataset, and prompts only where there are some", async () => {
    const world = await guideWorld();
    rmSync(join(world.training, 'sample-prompts.txt'));
    world.write(join(world.training, 'config.toml'), `[a]\nlearning_rate = 1e-4\nmax_train_steps = 3\n`);
    inserted(world, ')', `    --config_file="$TRAINING_DIR/config.toml"`);
    expect(addedIn((await play(world)).stderr)).toEqual(['output_dir', 'output_name', 'logging_dir']);
  });

  test('adds nothing for a trainer whose options are not known, and records where it should write', async () => {
    const world = await guideWorld();
    world.write(join(world.home, 'own/train.py'), 'import sys; print(sys.argv[1:]); sys.exit(4)\n');
    writeScript(world, guideScript(world).replace(join(world.trainer, 'train_network.py'), '$HOME/own/train.py'));
    const { status, stdout } = await play(world, { NO_CLEAN: '1' });
    expect([status, stdout]).toEqual([4, `['--pretrained_model_name_or_path=${world.base}']\n`]);
    expect(await shown(world, '@')).toMatchObject({
      outputDir: world.run,
      dataset: { images: 4 },
      name: { full: name },
    });
  });

  test('says so where the arguments write elsewhere, and takes the unused directory back', async () => {
    const world = await guideWorld();
    const elsewhere = join(world.root, 'elsewhere');
    inserted(world, ')', `    --output_dir="${elsewhere}"`);
    const { status, stderr } = await play(world);
    expect([status, stderr]).toEqual([0, expect.stringContaining(`The arguments write to ${elsewhere}, not to ~/`)]);
    expect([left(world.outputs), left(elsewhere)]).toEqual([[], expect.arrayContaining(['repos.git'])]);
  });

  test.each(shells)('hands the status through a pipe to tee under pipefail, in %s', async (shell) => {
    const world = await guideWorld(shell);
    const script = guideScript(world).replace(/\n$/, ' 2>&1 | tee "$HOME/copy"\n');
    writeScript(world, script.replace('\nNAME', '\nset -o pipefail\nNAME'));
    const { status, stdout } = await play(world, { T_EXIT: '11' });
    expect([status, stdout]).toEqual([11, expect.stringContaining('training')]);
  });

  test('passes standard input on, and says why with REASON', async () => {
    const world = await guideWorld();
    world.write(join(world.home, 'own/train.py'), 'import sys; print("read", sys.stdin.read().strip())\n');
    const script = guideScript(world).replace(join(world.trainer, 'train_network.py'), '$HOME/own/train.py');
    writeScript(world, script.replace(/\n$/, ' <<< "a line"\n'));
    const { stdout } = await play(world, { REASON: 'look at wolves' });
    expect(stdout).toContain('read a line');
    expect((await shown(world, '@')).reason).toBe('look at wolves');
  });

  test('names a trainer that is not there', async () => {
    const world = await guideWorld();
    writeScript(world, guideScript(world).replace('train_network.py', 'train_netwrok.py'));
    const { status, stderr } = await play(world);
    expect([status, left(world.outputs)]).toEqual([66, []]);
    expect(stderr).toContain(`error: The trainer ${world.trainer}/train_netwrok.py does not exist`);
  });

  test('trains several adapters one after the other in one script', async () => {
    const world = await guideWorld();
    const again = `setup_training_vars noob-wolf-v2s12
run_training_script "${world.trainer}/train_network.py"
print -r -- "$STEPS" "$TRAINING_DIR"`;
    writeScript(world, `${guideScript(world)}${again}\n`);
    const { status, stdout } = await play(world);
    expect([status, stdout]).toEqual([0, expect.stringContaining(`\n12 ${world.training}\n`)]);
    expect(left(world.outputs)).toEqual([name, 'noob-wolf-v2s12']);
  });
});

describe('LyCORIS', () => {
  /** Makes the environment's Python import LyCORIS from a repository. */
  function lycoris(world: GuideWorld): string {
    const environment = join(world.home, 'miniconda3/envs/sdscripts');
    const repository = join(world.home, 'ly coris');
    world.write(join(repository, 'lycoris/__init__.py'), '');
    world.git(repository, 'init', '-q', '-b', 'dev');
    world.git(repository, 'add', '.');
    world.git(repository, 'commit', '-q', '-m', 'LyCORIS');
    rmSync(join(environment, 'bin/python'));
    execFileSync('python3', ['-m', 'venv', '--without-pip', environment]);
    const [library] = left(join(environment, 'lib'));
    world.write(join(environment, 'lib', library!, 'site-packages/lycoris.pth'), `${repository}\n`);
    return repository;
  }

  test('is found where $LYCORIS_REPO is not set, and written down before the training', async () => {
    const world = await guideWorld();
    const repository = lycoris(world);
    inserted(
      world,
      'run_training_script',
      'get_lycoris_repo; git config --file "$OUTPUT_DIR/$NAME/repos.git" --list; exit',
    );
    const { stdout } = await play(world);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        repository,
        `repository.ly coris.path=${repository}`,
        'repository.ly coris.branch=dev',
        `repository.ly coris.commit=${world.git(repository, 'rev-parse', 'HEAD').trim()}`,
      ]),
    );
  });

  test('is looked for in vain without an error', async () => {
    const world = await guideWorld();
    inserted(world, 'store_commits_hashes', 'set -eu; LYCORIS_REPO=$(get_lycoris_repo)');
    const { status, stderr } = await play(world);
    expect([status, stderr]).toEqual([0, expect.stringContaining('the active Python has no LyCORIS')]);
  });

  test('a repository that is named is recorded, and one that does not exist is said', async () => {
    const world = await guideWorld();
    const tools = join(world.home, 'my tools');
    world.write(join(tools, 'a.py'), '');
    world.git(tools, 'init', '-q');
    inserted(world, 'store_commits_hashes', `SD_REPO="${tools}" LYCORIS_REPO=/nowhere/lycoris`);
    const { status, stderr } = await play(world);
    expect([status, stderr]).toEqual([0, expect.stringContaining('The repository /nowhere/lycoris does not exist')]);
    expect((await shown(world, '@')).repos.map(({ path }) => path)).toContain(tools);
  });
});

describe('setup_conda_env', () => {
  test.each(shells)('initialises conda for %s, whatever the environment’s own scripts leave unset', async (shell) => {
    const world = await guideWorld(shell);
    const scripts = join(world.home, 'miniconda3/envs/sdscripts/etc/conda/activate.d');
    world.write(join(scripts, 'a.sh'), 'false\nexport SEEN="$NOT_SET_ANYWHERE-seen"\n');
    inserted(world, 'NAME=', 'set -eu');
    inserted(world, 'store_commits_hashes', 'conda env list --json; echo "$SEEN $-"; exit');
    const { status, stdout } = await play(world);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/envs\/wolves[\s\S]*\n-seen /)]);
  });

  test('takes the conda that is named, or $CONDA_EXE', async () => {
    const world = await guideWorld();
    const elsewhere = join(world.root, 'else where');
    mkdirSync(elsewhere);
    execFileSync('mv', [join(world.home, 'miniconda3'), join(elsewhere, 'conda3')]);
    inserted(world, 'store_commits_hashes', 'echo "$CONDA_PREFIX"; exit');
    const env = { CONDA_EXE: join(elsewhere, 'conda3/bin/conda') };
    expect((await play(world, env)).stdout).toBe(`${elsewhere}/conda3/envs/sdscripts\n`);
    const script = guideScript(world).replace(
      '"sdscripts"',
      `"sdscripts" "${elsewhere}/conda3"\necho "$CONDA_PREFIX"; exit`,
    );
    writeScript(world, script);
    expect((await play(world)).stdout).toBe(`${elsewhere}/conda3/envs/sdscripts\n`);
    writeScript(world, guideScript(world));
    const without = await play(world);
    expect([without.status, left(world.outputs)]).toEqual([69, []]);
    expect(without.stderr).toContain('conda was not found by $CONDA_EXE');
  });

  test.each([...shells])('asks micromamba in its own words, in %s', async (shell) => {
    const world = await guideWorld(shell);
    const program = join(world.home, 'micromamba/bin/micromamba');
    const hook = `micromamba() { [ "$1" = activate ] && export CONDA_PREFIX="$HOME/micromamba/envs/$2"; }`;
    world.write(program, `#!/bin/sh\n[ "$*" = 'shell hook --shell ${shell}' ] && echo '${hook}'\n`);
    chmodSync(program, 0o755);
    mkdirSync(join(world.home, 'micromamba/envs/sdscripts/conda-meta'), { recursive: true });
    rmSync(join(world.home, 'miniconda3'), { recursive: true });
    inserted(world, 'store_commits_hashes', 'echo "$CONDA_PREFIX"; exit');
    expect((await play(world)).stdout).toBe(`${world.home}/micromamba/envs/sdscripts\n`);
  });
});

test('functions out of order say which one comes first', async () => {
  const world = await guideWorld();
  writeScript(world, guideScript(world).replace('setup_training_vars "$NAME"\n', ''));
  const { status, stderr } = await play(world);
  expect([status, stderr]).toEqual([64, expect.stringContaining('store_commits_hashes needs the variables')]);
  expect(existsSync(world.outputs)).toBe(false);
});

test.each([
  ['NAME=', 'NAME=../wolf #', "cannot be a run's name"],
  ['# STEPS=2400', 'STEPS=many', 'STEPS is "many"'],
])('%s with a value that cannot be is refused', async (from, to, message) => {
  const world = await guideWorld();
  writeScript(world, guideScript(world).replace(from, to));
  const { status, stderr } = await play(world);
  expect([status, stderr]).toEqual([64, expect.stringContaining(message)]);
});
