import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { spoor } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import {
  commandOnPath,
  type GuideWorld,
  guideScript,
  guideWorld,
  inserted,
  left,
  play,
  shells,
  writeScript,
} from './guide.ts';

function world(): World {
  const made = makeWorld();
  onTestFinished(() => made.remove());
  return made;
}

test.each(shells)('ShellCheck and %s find nothing wrong with the library', async (shell) => {
  const { stdout } = await spoor(world(), ['shell', shell]);
  expect(spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  if (shell === 'zsh') return;
  expect(spawnSync('shellcheck', ['-s', 'bash', '-'], { input: stdout, encoding: 'utf8' }).stdout).toBe('');
});

test('it is installed where the guide’s script looks; what is not Spoor’s own is kept beside it', async () => {
  const here = world();
  const folder = join(here.env.HOME!, 'toolkit/zsh');
  const file = join(folder, 'train_functions.zsh');
  const install = async () => (await spoor(here, ['shell', 'zsh', '--install'])).stderr;
  expect(await install()).toContain('spoor: wrote ~/toolkit/zsh/train_functions.zsh');
  const text = readFileSync(file, 'utf8');
  expect(text).toBe((await spoor(here, ['shell', 'zsh'])).stdout);
  expect(text).toMatch(/^__spoor_version='\d+\.\d+\.\d+'$/m);
  expect(await install()).toContain('is up to date');
  writeFileSync(file, `${text}# mine\n`);
  expect(await install()).toMatch(/was not Spoor's, or was changed: it is .*\.bak-\d{8}T\d{6}Z now/);
  expect(left(folder)).toHaveLength(2);
  expect(readFileSync(join(folder, left(folder)[1]!), 'utf8')).toBe(`${text}# mine\n`);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('an installed library of another version of Spoor is replaced without a copy', async () => {
  const here = world();
  const folder = join(here.env.HOME!, 'toolkit/bash');
  const body = "__spoor_version='0.0.9'\n";
  const sum = createHash('sha256').update(body).digest('hex').slice(0, 32);
  here.write(join(folder, 'train_functions.bash'), `__spoor_made='spoor shell bash --install, sha256 ${sum}'\n${body}`);
  await spoor(here, ['shell', 'bash', '--install']);
  expect(left(folder)).toEqual(['train_functions.bash']);
});

test('a link in its place stays a link, under another name', async () => {
  const here = world();
  const folder = join(here.env.HOME!, 'toolkit/bash');
  here.write(join(folder, 'dotfiles'), 'mine\n');
  symlinkSync('dotfiles', join(folder, 'train_functions.bash'));
  await spoor(here, ['shell', 'bash', '--install']);
  expect(readFileSync(join(folder, 'dotfiles'), 'utf8')).toBe('mine\n');
  expect(left(folder)).toHaveLength(3);
});

test.each([
  ['zsh', 'source <(spoor shell zsh)'],
  ['bash', 'source <(spoor shell bash)'],
  ['bash', 'eval "$(spoor shell bash)"'],
] as const)('%s can take it without a file: %s', async (shell, line) => {
  const guide = await guideWorld(shell);
  commandOnPath(guide);
  writeScript(guide, guideScript(guide).replace(/^source .*$/m, line));
  expect((await play(guide)).status).toBe(0);
  expect(left(guide.run)).toContain('train wolf.zsh');
});

test('it runs with zsh’s own options and leaves those of the script as they are, whatever they are', async () => {
  const guide = await guideWorld('zsh');
  const options =
    'ksh_arrays sh_word_split glob_subst null_glob no_unset err_exit warn_create_global posix_builtins csh_null_glob rc_quotes ksh_typeset no_function_argzero extended_glob local_traps all_export';
  inserted(guide, 'source', `setopt ${options}\nbefore=$(setopt)`);
  writeScript(guide, `${readFileSync(guide.script, 'utf8')}[[ $(setopt) == "$before" ]] && echo same\n`);
  const { status, stdout, stderr } = await play(guide);
  expect([status, stdout, stderr]).toEqual([
    0,
    expect.stringContaining('\nsame\n'),
    expect.not.stringMatching(/train_functions|\(eval\)/),
  ]);
});

test.each(shells)(
  'a %s that someone types in is not ended by an error, and defines the functions with comments off',
  async (shell) => {
    const guide = await guideWorld(shell);
    commandOnPath(guide);
    const typed = `eval "$(spoor shell ${shell})"\nsetup_training_vars noob-cat-v1s5; echo "went on with $?"\n`;
    const { stdout, stderr } = atPrompt(guide, typed);
    expect([stdout, stderr, stderr]).toEqual([
      expect.stringContaining('went on with 66'),
      expect.stringContaining('datasets/cat does not exist'),
      expect.not.stringContaining('not found'),
    ]);
  },
);

test.each(shells)(
  'where this Spoor has gone, the one on PATH is taken, else it is said how to mend it: %s',
  async (shell) => {
    const guide = await guideWorld(shell);
    const file = join(guide.home, 'toolkit', shell, `train_functions.${shell}`);
    const text = readFileSync(file, 'utf8').replace(/^__spoor_bin='.*'$/m, "__spoor_bin='/gone/spoor.js'");
    writeFileSync(file, text);
    const without = await play(guide);
    expect([without.status, without.stderr]).toEqual([
      127,
      `error: /gone/spoor.js is not there any more, and spoor is not on PATH\nhint: Install Spoor again, then: spoor shell ${shell} --install\n`,
    ]);
    commandOnPath(guide);
    expect((await play(guide)).status).toBe(0);
  },
);

/** An interactive shell that is given these lines. */
function atPrompt(world: GuideWorld, input: string, env: Record<string, string> = {}) {
  const { shell, root } = world;
  const args = shell === 'zsh' ? ['-f', '-i'] : ['--norc', '--noprofile', '-i'];
  return spawnSync(shell, args, { input, env: { ...world.env, ...env }, cwd: root, encoding: 'utf8' });
}

test.each([
  ['zsh', 'bash'],
  ['bash', 'zsh'],
] as const)('the library of %s ends a script that %s runs, and says which shell it is for', async (shell, other) => {
  const guide = await guideWorld(shell);
  const { status, stderr } = spawnSync(other, [guide.script], { env: guide.env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    64,
    `error: These functions are for ${shell}, and another shell runs this script\nhint: Start it with ${shell}; for another shell: spoor shell zsh|bash --install\n`,
  ]);
});

test.each(shells)('the functions can be typed in at a prompt of %s, one after the other', async (shell) => {
  const guide = await guideWorld(shell);
  const lines = guideScript(guide).replace(/^ *#.*\n/gm, '');
  const { status, stdout } = atPrompt(guide, `${lines}echo "ended with $?"\nexit 0\n`, { T_EXIT: '4' });
  expect([status, stdout]).toEqual([0, expect.stringContaining('ended with 4\n')]);
  expect(left(guide.outputs)).toEqual([]);
});
