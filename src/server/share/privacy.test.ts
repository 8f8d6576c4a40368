/** A written site of runs from two machines is searched, file by file, for all that tells of who made it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SharedPart } from '../../api/shared-site.ts';
import type { Told } from '../../model/facts.ts';
import type { RunId } from '../../model/run-id.ts';
import { openHome } from '../../store/home.ts';
import { created, fullRun, options, tell, testId } from '../testing/served-home.ts';
import { type Shared, writeSite } from './write-site.ts';

const machines = [
  { host: 'alices-rtx-box', user: 'alicelin', boot: '5e1f0c1a-77aa-4bd2-9c0e-0123456789ab', gpu: 'GPU-8f6a1c2d' },
  { host: 'runpod-77af', user: 'carolmac', boot: 'c0ffee00-1111-4222-8333-444455556666', gpu: 'GPU-1b2c3d4e' },
] as const;
const [windows, mac] = ['/mnt/c/Users/alicewsl', '/Users/carolmac'];
type Machine = (typeof machines)[number];
const device = ({ gpu }: Machine) => `${gpu}-aaaa-bbbb-cccc-0123456789ab`;
const [pid, ticks, namespace] = [3141592, 271828182, '4026531836'];

const planted = [
  ...machines.flatMap((machine) => [machine.host, machine.user, machine.boot, machine.gpu, device(machine)]),
  ...[String(pid), String(ticks), namespace],
  ...['alicewsl', 'bobwin', 'eve dropper', 'davegit', 'private-waifu', 'tok3nOfDave', 'alerts-of-dave'],
  ...['/home/alicelin', '/Users/carolmac', '/mnt/c/Users/alicewsl', 'C:\\Users\\bobwin', 'D:\\Users\\eve dropper'],
  ...['02:42:ac:11:00:02', '10.11.12.13 50022'],
];

function facts(machine: Machine): Told[] {
  const { host, user, boot } = machine;
  const process = { pid, startTicks: ticks, bootId: boot, pidNamespace: namespace, host };
  const remote = 'https://davegit:tok3nOfDave@github.com/davegit/private-waifu.git';
  const secret = { name: 'mine', version: '1.0', editable: null, origin: `git+${remote}@0123456789abcdef` };
  const variables = {
    HOSTNAME: host,
    USER: user,
    SSH_CONNECTION: '10.11.12.13 50022',
    CUDA_VISIBLE_DEVICES: device(machine),
    HF_HOME: `${windows}/${host}`,
  };
  const gpu = { name: 'RTX', memoryBytes: 1, uuid: device(machine) };
  const used = { index: 0, name: 'RTX', uuid: device(machine), used: true, utilisation: 1, memoryPeak: 1 };
  const nothing = { gpuHours: null, gpusBy: null, cpu: 1, memoryPeak: 1, memoryBytes: 1, processMemoryPeak: 1 };
  const nested = { path: 'x', submodule: true, head: null, branch: 'davegit/x', dirty: false };
  return [
    {
      type: 'repository',
      repository: {
        ...{ name: 'sd-scripts', path: `/home/${user}/sd-scripts`, kind: 'git', roles: ['trainer'] },
        ...{ head: 'a'.repeat(40), branch: 'davegit/nights', describe: null, ahead: 0, behind: 0, dirty: false },
        remote,
        remotes: [
          { name: 'origin', url: remote },
          { name: 'other', url: 'git@github.com:davegit/private-waifu.git' },
          { name: 'upstream', url: 'https://someone@github.com/kohya-ss/sd-scripts.git' },
        ],
        ...{ changes: { staged: 0, unstaged: 0, untracked: 0, ignoredKept: 0 }, changedPaths: [] },
        ...{ snapshot: null, code: null, nested: [{ ...nested, remote }], omitted: [], likelySecrets: [] },
        shallow: false,
      },
    },
    {
      type: 'environment',
      environment: {
        ...{ python: '3.10', executable: `/home/${user}/venv/bin/python`, prefix: `/home/${user}/venv` },
        ...{ packages: [secret], conda: null, venv: `${mac}/venv`, torch: null, cuda: null, driver: null },
        ...{ gpus: [gpu], os: 'Debian', kernel: '6.1', host, container: null, cpu: { model: 'x', cores: 1 } },
        ...{ memoryBytes: 1, variables },
      },
    },
    { type: 'started', waiter: process, trainer: process },
    { type: 'event-file', path: `/logs/events.out.tfevents.1795469307.${host}.${pid}.0` },
    { type: 'warning', warning: { code: 'x', message: `${user}@${host} did not answer`, hint: null } },
    { type: 'notified', notified: notified('alerts-of-dave') },
    {
      type: 'machine',
      machine: {
        gpus: [{ ...used, memoryBytes: 1, temperaturePeak: 1, wattHours: 1 }],
        ...nothing,
        ...{ diskFreeLeast: 1, cost: null },
      },
    },
    { type: 'note', text: `copied from ${host}:/home/${user}/out` },
  ];
}

const notified = (receiver: string) => ({
  ...{
    key: 'end',
    receiver,
    type: 'ntfy',
    outcome: 'sent' as const,
    attempts: 1,
    detail: `https://ntfy.sh/${receiver}`,
  },
});

const log = ({ host, user, gpu }: Machine) =>
  [
    `${user}@${host}:~$ train`,
    `loading /home/${user}/models/base.safetensors`,
    `file%3A%2F%2F%2Fhome%2F${user}%2Fout and file:///home/${user}/out`,
    String.raw`{"path": "C:\\Users\\bobwin\\out", "other": "D:\\Users\\eve dropper\\out"}`,
    String.raw`saving C:\Users\bobwin\out and D:\Users\eve dropper\out, C:/${'Users/bobwin'}/x`,
    String.raw`\\wsl.localhost\Ubuntu\home\alicewsl\out /cygdrive/c/${'Users/alicewsl'}/x "\/home\/${user}\/x"`,
    `GPU 0: RTX (UUID: ${gpu}-aaaa-bbbb-cccc-0123456789ab) at 02:42:ac:11:00:02`,
    'fetched https://davegit:tok3nOfDave@github.com/davegit/private-waifu.git, ssh://git@github.com/davegit/private-waifu',
    '',
  ].join('\n');

let directory: string;
let ids: RunId[];
let share: (name: string, without?: SharedPart[]) => Promise<Shared>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-privacy-'));
  const at = join(directory, 'home');
  ids = [];
  for (const [index, machine] of [...machines, machines[0]].entries()) {
    const home = await openHome(at, machine.host);
    const id = testId(index + 1);
    ids.push(id);
    await tell(
      home,
      id,
      created(id, `noob-wolf-v${index + 1}`, {
        command: ['python', 'train.py', '--out', 'C:\\Users\\bobwin\\out', `${windows}/x`],
        cwd: `${windows}/lora`,
        outputDir: `${windows}/${machine.host}`,
        imported: { how: 'session', from: [`${directory}/x`], host: machine.host, original: null },
      }),
      ...facts(machine),
    );
    await fullRun(home, directory, id, `noob-wolf-v${index + 1}`);
    writeFileSync(join(home.runs.path(id), 'log'), log(machine));
  }
  mkdirSync(join(directory, 'page'));
  writeFileSync(join(directory, 'page/page.js'), '');
  const home = await openHome(at, 'alices-rtx-box');
  share = (name, without = []) =>
    writeSite(
      { ...options(home, directory), userHome: '/home/alicelin' },
      {
        ...{ runs: ids, directory: join(directory, name), without: new Set(without), extras: new Set() },
        // A token in an address is a secret, and would be refused: it is taken out all the same.
        ...{ withSecrets: true, siteDirectory: join(directory, 'page') },
      },
    );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const json = (text: string) => JSON.stringify(text).slice(1, -1);

/** A value as it may stand in a file: plain, in strings within strings, in an address, in base64 wherever that begins. */
function forms(value: string): string[] {
  const encoded = [0, 1, 2].map((shift) => {
    const text = Buffer.from(' '.repeat(shift) + value).toString('base64');
    // What hangs together with the letters around it is cut off.
    return text.replace(/=+$/, '').slice(shift === 0 ? 0 : 4, -2);
  });
  const escaped = [value, json(value), json(json(value)), json(json(json(value))), value.replaceAll('/', '\\/')];
  return [...new Set([...escaped, encodeURIComponent(value), encodeURI(value), ...encoded])];
}

function filesBelow(path: string): { name: string; text: string }[] {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names.map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), 'latin1') }));
}

/** Which of the values stand in files of a directory, and where. */
function told(path: string, values: readonly string[] = planted): string[] {
  const files = filesBelow(path).map(({ name, text }) => ({ name, text: text.toLowerCase() }));
  return values.flatMap((value) =>
    files.flatMap(({ name, text }) =>
      forms(value).some((form) => text.includes(form.toLowerCase())) ? [`${value} in ${name}`] : [],
    ),
  );
}

describe('a site of runs from two machines', () => {
  it('has nothing of who made it in any of its files', async () => {
    const shared = await share('site');
    const found = told(join(directory, 'home'));
    expect(planted.filter((value) => !found.some((each) => each.startsWith(`${value} in `)))).toEqual([]);
    expect(told(join(directory, 'site'))).toEqual([]);
    expect(shared.named).toEqual([]);
  });

  it('has still what makes the training understood', async () => {
    await share('whole');
    const site = join(directory, 'whole');
    const known = ['learning_rate', 'copied from host:~/out', 'user@host did not answer', 'RTX', '3.10', '~/lora'];
    for (const text of [
      ...known,
      'user/nights',
      'https://github.com/kohya-ss/sd-scripts.git',
      'tfevents.1795469307.host.0',
    ])
      expect([text, told(site, [text]).length > 0]).toEqual([text, true]);
  });

  it('is searched in a way that finds each value in each of its forms', () => {
    const site = join(directory, 'made');
    mkdirSync(site);
    for (const value of planted) {
      const base64 = [0, 1, 2].map((shift) => Buffer.from(`${'x'.repeat(shift)}${value} etc.`).toString('base64'));
      for (const form of [value, JSON.stringify(JSON.stringify({ value })), encodeURIComponent(value), ...base64]) {
        writeFileSync(join(site, 'one.js'), `before ${form} after`);
        expect([form, told(site, [value]).length]).toEqual([form, 1]);
      }
    }
  });
});
