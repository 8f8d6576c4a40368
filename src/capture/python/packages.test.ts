import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editableDirectories } from './editable.ts';
import { describeInterpreter, type Interpreter } from './interpreter.ts';
import { locateModule } from './locate.ts';
import { nameAndVersion, normalised } from './metadata.ts';
import { listPackages } from './packages.ts';

const systemPython = '/usr/bin/python3';
const hasPython = existsSync(systemPython);

let directory: string;
let site: string;
let interpreter: Interpreter;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-packages-')));
  site = join(directory, 'venv/lib/python3.11/site-packages');
  mkdirSync(site, { recursive: true });
  interpreter = {
    executable: join(directory, 'venv/bin/python'),
    realExecutable: join(directory, 'venv/bin/python'),
    prefix: join(directory, 'venv'),
    basePrefix: join(directory, 'venv'),
    version: '3.11',
    kind: 'system',
    pythonPath: [],
    standardLibrary: null,
    sitePackages: [site],
  };
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function file(path: string, text: string | Uint8Array = ''): string {
  const absolute = join(directory, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

function inSite(path: string, text: string | Uint8Array = ''): void {
  file(join('venv/lib/python3.11/site-packages', path), text);
}

function distInfo(name: string, version: string, directUrl?: unknown): void {
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`;
  inSite(
    `${info}/METADATA`,
    `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: cats\n\nName: not this\n`,
  );
  if (directUrl !== undefined) inSite(`${info}/direct_url.json`, JSON.stringify(directUrl));
}

const plain = (name: string, version: string | null) => ({ name, version, editable: null, origin: null });

describe('packages', () => {
  test('names and versions as the metadata spells them, sorted', () => {
    distInfo('torch', '2.1.0+cu118');
    distInfo('huggingface-hub', '0.20.1');
    distInfo('Jinja2', '3.1');
    expect(listPackages(interpreter)).toEqual([
      plain('huggingface-hub', '0.20.1'),
      plain('Jinja2', '3.1'),
      plain('torch', '2.1.0+cu118'),
    ]);
  });

  test('the first of one name in sys.path counts, however it is spelled', () => {
    const second = join(directory, 'second');
    distInfo('typing_extensions', '4.8.0');
    file('second/typing.extensions-1.0.dist-info/METADATA', 'Name: typing.extensions\nVersion: 1.0\n');
    expect(listPackages({ ...interpreter, sitePackages: [site, second] })).toEqual([
      plain('typing_extensions', '4.8.0'),
    ]);
  });

  test('eggs in their three forms', () => {
    inSite('PyYAML-5.4.1.egg-info', 'Metadata-Version: 1.0\nName: PyYAML\nVersion: 5.4.1\n');
    inSite('Pillow-9.4.0.egg-info/PKG-INFO', 'Name: Pillow\nVersion: 9.4.0\n');
    inSite('easy-1.0-py3.11.egg/EGG-INFO/PKG-INFO', 'Name: easy\nVersion: 1.0\n');
    expect(listPackages(interpreter)).toEqual([
      plain('easy', '1.0'),
      plain('Pillow', '9.4.0'),
      plain('PyYAML', '5.4.1'),
    ]);
  });

  test('a commit or URL it came from is kept, without credentials', () => {
    distInfo('lycoris-lora', '3.1', {
      url: 'https://cat:miau@example.org/LyCORIS.git',
      vcs_info: { vcs: 'git', commit_id: 'f49d30d' },
    });
    distInfo('wheel-of', '1.0', { url: 'file:///tmp/a.whl', archive_info: {} });
    expect(listPackages(interpreter).map((each) => each.origin)).toEqual([
      'git+https://example.org/LyCORIS.git@f49d30d',
      'file:///tmp/a.whl',
    ]);
  });

  test("conda's packages that are no Python are listed with their build", () => {
    distInfo('numpy', '1.26.0');
    for (const name of ['cudatoolkit-11.8.0-h6a678d5_0', 'numpy-1.26.0-py311h08b1b3b_0']) {
      file(`venv/conda-meta/${name}.json`, '{}');
    }
    expect(listPackages(interpreter)).toEqual([
      { name: 'cudatoolkit', version: '11.8.0', editable: null, origin: 'conda:h6a678d5_0' },
      plain('numpy', '1.26.0'),
    ]);
  });

  test('an upgrade in place is seen, and so is an editable install that appears without another name', () => {
    distInfo('peft', '0.7.0');
    expect(listPackages(interpreter)).toEqual([plain('peft', '0.7.0')]);
    distInfo('peft', '0.7.0', { url: `file://${directory}/src%20peft`, dir_info: { editable: true } });
    expect(listPackages(interpreter)).toEqual([{ ...plain('peft', '0.7.0'), editable: `${directory}/src peft` }]);
  });

  test('hostile metadata falls back to the name of its directory', () => {
    inSite('huge-1.0.dist-info/METADATA', `${'X: y\n'.repeat(200_000)}Name: no\n`);
    inSite('binary-2.0.dist-info/METADATA', Buffer.from(Array.from({ length: 9000 }, (_, i) => i % 256)));
    inSite('control-3.0.dist-info/METADATA', 'Name: a\u001b[31mb\nVersion: 3.0\u0000\n');
    inSite('empty-4.0.dist-info/RECORD');
    inSite('~orch-2.0.dist-info/METADATA', 'Name: torch\nVersion: 2.0\n');
    inSite('notdir-5.0.dist-info');
    mkdirSync(join(site, 'fifo-6.0.dist-info'));
    execFileSync('mkfifo', [join(site, 'fifo-6.0.dist-info/METADATA')]);
    symlinkSync('loop-7.0.dist-info', join(site, 'loop-7.0.dist-info'));
    distInfo('json', '8.0');
    inSite('json-8.0.dist-info/direct_url.json', '{"url": 5, "dir_info": []');
    const found = listPackages(interpreter).map(({ name, version }) => `${name} ${version}`);
    expect(found).toEqual([
      'binary 2.0',
      'control 3.0',
      'empty 4.0',
      'fifo 6.0',
      'huge 1.0',
      'json 8.0',
      'loop 7.0',
      'notdir 5.0',
    ]);
  });

  test('any metadata gives a plain name or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { name } = nameAndVersion(`Name: ${text}\nVersion: ${text}`);
        expect(name === null || /^[A-Za-z0-9][\w.-]*$/.test(name)).toBe(true);
      }),
    );
  });

  test.skipIf(!hasPython)('they are those that importlib.metadata finds', () => {
    const found = describeInterpreter(systemPython, { env: { PATH: '/usr/bin' }, cwd: '/' });
    const script =
      'import importlib.metadata as m,json;print(json.dumps([[d.metadata["Name"],d.version] for d in m.distributions()]))';
    const output = execFileSync(systemPython, ['-I', '-c', script], { encoding: 'utf8', env: { PATH: '/usr/bin' } });
    const expected = new Map<string, string>();
    for (const [name, version] of JSON.parse(output) as [string, string][]) {
      if (!expected.has(normalised(name))) expected.set(normalised(name), version);
    }
    expect(new Map(listPackages(found).map((each) => [normalised(each.name), each.version]))).toEqual(
      new Map([...expected].sort()),
    );
  });
});

const finder = (mapping: string) => `from __future__ import annotations
import sys
MAPPING: dict[str, str] = ${mapping}
NAMESPACES: dict[str, list[str]] = {}
PATH_PLACEHOLDER = '__editable__.x.finder' + ".__path_hook__"
raise SystemExit('never run')
`;

describe('editable installs', () => {
  test('direct_url.json names the directory', () => {
    mkdirSync(join(directory, 'LyCORIS'));
    distInfo('lycoris-lora', '3.1', { url: `file://${directory}/LyCORIS`, dir_info: { editable: true } });
    expect(editableDirectories(interpreter)).toEqual([{ path: join(directory, 'LyCORIS'), package: 'lycoris-lora' }]);
  });

  test('an egg-link does, with the version of the egg-info beside the source', () => {
    file('sd-scripts/library.egg-info/PKG-INFO', 'Name: library\nVersion: 0.0.0\n');
    inSite('library.egg-link', `${directory}/sd-scripts\n.`);
    inSite('easy-install.pth', `${directory}/sd-scripts\n`);
    expect(listPackages(interpreter)).toEqual([{ ...plain('library', '0.0.0'), editable: `${directory}/sd-scripts` }]);
    expect(editableDirectories(interpreter)).toEqual([{ path: join(directory, 'sd-scripts'), package: 'library' }]);
  });

  test('plain lines of .pth files do; comments, missing and own directories do not', () => {
    mkdirSync(join(directory, 'wolves'));
    inSite('own/x.py');
    inSite('a.pth', `# ${directory}\n\n${directory}/wolves  \n${directory}/gone\nown\n`);
    inSite('.hidden.pth', `${directory}\n`);
    expect(editableDirectories(interpreter)).toEqual([{ path: join(directory, 'wolves'), package: null }]);
  });

  test('finders are read as text and never run', () => {
    file('src/cats/__init__.py');
    file("it's/wolf.py");
    inSite('__editable__.cats-1.0.pth', 'import __editable___cats_1_0_finder; __editable___cats_1_0_finder.install()');
    inSite(
      '__editable___cats_1_0_finder.py',
      finder(`{'cats': '${directory}/src/cats', 'wolf': "${directory}/it's/wolf"}`),
    );
    inSite('evil.pth', `import os; os.system('touch ${directory}/was-run')\n`);
    expect(editableDirectories(interpreter)).toEqual([
      { path: join(directory, 'src'), package: 'cats' },
      { path: join(directory, "it's"), package: 'wolf' },
    ]);
    expect(existsSync(join(directory, 'was-run'))).toBe(false);
  });

  test('the redirector of the editables package is read too', () => {
    file('hatched/eggs/__init__.py');
    inSite('_eggs.pth', 'import _eggs');
    inSite(
      '_eggs.py',
      `from editables.redirector import RedirectingFinder as F\nF.install()\nF.map_module('eggs', '${directory}/hatched/eggs/__init__.py')\n`,
    );
    expect(editableDirectories(interpreter)).toEqual([{ path: join(directory, 'hatched'), package: 'eggs' }]);
  });

  test('a src layout is one directory, not two', () => {
    mkdirSync(join(directory, 'project/src'), { recursive: true });
    distInfo('project', '1.0', { url: `file://${directory}/project`, dir_info: { editable: true } });
    inSite('__editable__.project-1.0.pth', `${directory}/project/src\n`);
    expect(editableDirectories(interpreter)).toEqual([{ path: join(directory, 'project'), package: 'project' }]);
  });

  test('a .pth of megabytes, a FIFO and NUL bytes are survived', () => {
    inSite('nul.pth', `${directory}\0x\n`);
    inSite('long.pth', `${'x'.repeat(2_000_000)}\n`);
    execFileSync('mkfifo', [join(site, 'pipe.pth')]);
    inSite('finder.pth', 'import __editable___x_finder');
    inSite('__editable___x_finder.py', `MAPPING = {${"'a': 'b".repeat(30_000)}`);
    expect(editableDirectories(interpreter)).toEqual([]);
  });
});

describe('where a module is imported from', () => {
  test('the order is that of sys.path', () => {
    const script = join(directory, 'trainer');
    const python = { ...interpreter, pythonPath: [join(directory, 'given')] };
    const places = [
      'trainer/lycoris',
      'given/lycoris',
      'venv/lib/python3.11/site-packages/lycoris',
      'added/lycoris',
      'mapped/lycoris',
    ];
    for (const each of places) file(`${each}/__init__.py`);
    inSite('a.pth', `${directory}/added\nimport __editable___x_finder\n`);
    inSite('__editable___x_finder.py', finder(`{'lycoris': '${directory}/mapped/lycoris'}`));
    for (const each of places) {
      expect(locateModule('lycoris', python, script)?.path).toBe(join(directory, each));
      rmSync(join(directory, each), { recursive: true });
    }
    expect(locateModule('lycoris', python, script)).toBe(null);
  });

  test('a namespace package counts only if nothing else is there', () => {
    mkdirSync(join(directory, 'trainer/lycoris'), { recursive: true });
    expect(locateModule('lycoris', interpreter, join(directory, 'trainer'))?.path).toBe(
      join(directory, 'trainer/lycoris'),
    );
    inSite('lycoris/__init__.py');
    expect(locateModule('lycoris', interpreter, join(directory, 'trainer'))?.path).toBe(join(site, 'lycoris'));
  });

  test('files, extensions, eggs, parts of packages; names that are none', () => {
    inSite('one.py');
    inSite('two.cpython-311-x86_64-linux-gnu.so');
    inSite('three-1.0-py3.11.egg');
    inSite('e.pth', './three-1.0-py3.11.egg\n');
    inSite('four/__init__.py');
    inSite('four/kohya.py');
    const where = (name: string) => locateModule(name, interpreter, null)?.path.slice(site.length + 1);
    expect(['one', 'two', 'three', 'four.kohya', 'four.other', '../one', ''].map(where)).toEqual([
      'one.py',
      'two.cpython-311-x86_64-linux-gnu.so',
      'three-1.0-py3.11.egg',
      'four/kohya.py',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.skipIf(!hasPython)('it is where Python itself finds it', () => {
    const venv = join(directory, 'real');
    execFileSync(systemPython, ['-m', 'venv', '--without-pip', venv]);
    const found = describeInterpreter(`${venv}/bin/python`, { env: {}, cwd: directory });
    const own = found.sitePackages[0]!;
    for (const path of ['src/cats/__init__.py', 'lib/wolves/__init__.py', 'space/x.txt']) file(path);
    writeFileSync(join(own, 'a.pth'), `${directory}/lib\n`);
    mkdirSync(join(own, 'json'));
    writeFileSync(join(own, 'json/__init__.py'), '');
    writeFileSync(join(own, 'b.pth'), `${directory}\n`);
    const script =
      'import sys,importlib.util as u;print(*[getattr(u.find_spec(n),"origin",None) for n in sys.argv[1:]],sep="\\n")';
    const names = ['wolves', 'json', 'email.message', 'cats'];
    const output = execFileSync(`${venv}/bin/python`, ['-I', '-c', script, ...names], { encoding: 'utf8' });
    const origins = output
      .trim()
      .split('\n')
      .map((line) => (line === 'None' ? undefined : line.replace(/\/__init__\.py$/, '')));
    expect(names.map((name) => locateModule(name, found, null)?.path)).toEqual(origins);
  });
});
