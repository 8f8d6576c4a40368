import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spoor, spoorBin } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
const script = (shell: string) => fileURLToPath(new URL(`../../shell/completion/spoor.${shell}`, import.meta.url));

beforeAll(async () => {
  world = makeWorld();
  for (const [name, tag] of [
    ['wolf-v1', 'good'],
    ['wolf-v2', 'draft'],
    ['grey wolf', 'good'],
    ['wolf-v1', 'again'],
  ] as const) {
    await spoor(world, ['run', '--name', name, '--tag', tag, '--reason', `as ${tag}`, '--', 'true']);
  }
  const path = world.write(join(world.root, 'bin/spoor'), `#!/bin/sh\nexec '${process.execPath}' '${spoorBin}' "$@"\n`);
  chmodSync(path, 0o755);
  world.env.PATH = `${join(world.root, 'bin')}:${world.env.PATH}`;
});

afterAll(() => world.remove());

async function words(...typed: string[]): Promise<string[]> {
  const { stdout } = await spoor(world, ['complete', '--', ...typed]);
  return stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

test('commands, their options and what an option takes are offered, hidden commands are not', async () => {
  expect(await words('sho')).toEqual(['show']);
  expect((await words('sh')).sort()).toEqual(['share', 'shell', 'show']);
  expect(await words('')).not.toContain('complete');
  expect(await words('run', '--na')).toEqual(['--name']);
  expect(await words('help', 'verd')).toEqual(['verdict']);
  expect(await words('completion', '')).toEqual(['zsh', 'bash', 'fish']);
  expect(await words('verdict', 'wolf-v1', '')).toEqual(['worked', 'failed', 'mixed', 'none']);
  expect(await words('run', '--output-dir', '')).toEqual([':directories']);
  expect(await words('pack', 'wolf-v1', '-o', '')).toEqual([':files']);
});

test('runs are offered by name, the latest first; older ones by ~, and all by id', async () => {
  expect(await words('show', '')).toEqual(['@', 'wolf-v1', 'grey wolf', 'wolf-v2']);
  expect(await words('show', 'wolf-v1~')).toEqual(['wolf-v1~1']);
  expect(await words('rm', 'wolf-v1', 'gr')).toEqual(['grey wolf']);
  expect(await words('diff', 'wolf-v1', 'gr')).toEqual(['grey wolf']);
  expect(await words('suspects', 'wolf-v1', 'gr')).toEqual(['grey wolf']);
  const id = JSON.parse((await spoor(world, ['show', 'wolf-v2', '--json'])).stdout).id as string;
  expect(await words('log', id.slice(0, -2))).toEqual([id]);
});

test('queries, tags and tag changes are offered with the values that runs have', async () => {
  expect(await words('ls', 'status:')).toContain('status:interrupted');
  expect(await words('ls', 'wolf', '-tag:')).toEqual(['-tag:again', '-tag:draft', '-tag:good']);
  expect(await words('tag', 'wolf-v1', '-')).toEqual(['-again', '-draft', '-good']);
});

test('behind -- a command of its own begins, as it does without', async () => {
  expect(await words('run', '--name', 'x', '--', 'python', 'tr')).toEqual([':command 5']);
  expect(await words('run', 'python', 'tr')).toEqual([':command 2']);
  expect(await words('run', '--', '')).toEqual([':command 3']);
});

test('without a home nothing is offered and none is made', async () => {
  const home = join(world.root, 'none');
  const { stdout, exitCode } = await spoor(world, ['complete', '--', 'show', ''], { env: { SPOOR_HOME: home } });
  expect([stdout, exitCode, existsSync(home)]).toEqual(['', 0, false]);
});

test('bash completes words that it breaks itself at colons, and quotes what needs it', () => {
  const ask = (line: string, ...typed: string[]) => `
    COMP_LINE='${line}' COMP_POINT=\${#COMP_LINE} COMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _spoor; printf '%s|' "\${COMPREPLY[@]}"; echo`;
  const program = [
    'eval "$(spoor completion bash)"',
    ask('spoor sho', 'spoor', 'sho'),
    ask('spoor ls status:f', 'spoor', 'ls', 'status', ':', 'f'),
    ask('spoor ls x -tag:', 'spoor', 'ls', 'x', '-tag', ':'),
    ask('spoor show gr', 'spoor', 'show', 'gr'),
    ask('spoor run -- hom', 'spoor', 'run', '--', 'hom'),
  ].join('\n');
  const options = { encoding: 'utf8', env: world.env, cwd: world.root } as const;
  const answers = execFileSync('bash', ['-c', program], options);
  expect(answers.split('\n').slice(0, 5)).toEqual([
    'show|',
    'failed|',
    ':again|:draft|:good|',
    'grey\\ wolf|',
    'home|',
  ]);
  expect(spawnSync('shellcheck', ['-s', 'bash', script('bash')], { encoding: 'utf8' }).stdout).toBe('');
});

test('fish completes with what each word is', () => {
  const program = `spoor completion fish | source
    complete -C 'spoor show w'; complete -C 'spoor ls status:f'; complete -C 'spoor run -- hom'`;
  const answers = execFileSync('fish', ['--no-config', '-c', program], {
    encoding: 'utf8',
    env: world.env,
    cwd: world.root,
  });
  expect(answers).toMatch(/^wolf-v1\tsucceeded, .*, as again$/m);
  expect(answers).toMatch(/^status:failed$/m);
  expect(answers).toMatch(/^home\//m);
});

test('zsh completes at its own prompt', () => {
  const driver = `
    zmodload zsh/zpty
    zpty -b shell 'zsh -f -i'
    say() { zpty -w -n shell "$1" }
    # Reads until the pattern was shown.
    await() { local all chunk; while [[ $all != *$~1* ]]; do zpty -r -m shell chunk '*' && all+=$chunk; done; print -r -- "seen $2" }
    say $'PS1=; autoload -Uz compinit; compinit -D -u; eval "$(spoor completion zsh)"; print rea""dy\\n'
    await ready ready
    say $'spoor show gr\\t'
    await 'grey\\\\ wolf' 'the name, quoted'
    say $'\\C-uspoor ls status:f\\t'
    await 'status:failed' 'the value'
    say $'\\C-uspoor run -- printe\\t'
    await 'printenv' 'the command'
    zpty -d shell`;
  const options = { encoding: 'utf8', env: { ...world.env, TERM: 'xterm' }, cwd: world.root, timeout: 40_000 } as const;
  const answers = execFileSync('zsh', ['-f', '-c', driver], options);
  expect(answers.split('\n').filter(Boolean)).toEqual([
    'seen ready',
    'seen the name, quoted',
    'seen the value',
    'seen the command',
  ]);
});

test('zsh completes where its own completion was not set up', () => {
  const script = 'eval "$(spoor completion zsh)"; print -r -- $_comps[spoor]';
  const env = { ...world.env, TERM: 'xterm' };
  const answer = execFileSync('zsh', ['-f', '-c', script], { encoding: 'utf8', env, cwd: world.root });
  expect(answer).toBe('_spoor\n');
});
