import { expect, test } from 'vitest';
import type { EnvironmentState, PythonPackage } from '../../model/facts.ts';
import { condaText, requirementsText } from './environment-file.ts';
import { Places } from './places.ts';

const places = new Places({ cwd: '/', into: '/', moved: [['/lab/LyCORIS', '/tmp']], named: [], keys: [] });

function environment(packages: Partial<PythonPackage>[], conda: string | null = null): EnvironmentState {
  const whole = packages.map((each) => ({ name: '', version: '1.0', editable: null, origin: null, ...each }));
  return { python: '3.10.12', torch: '2.1.0', cuda: '11.8', conda, packages: whole } as unknown as EnvironmentState;
}

test('packages are written as pip freeze does, editable ones from where they were restored', () => {
  const text = requirementsText(
    environment([
      { name: 'torch', version: '2.1.0+cu118' },
      { name: 'lycoris-lora', version: '3.1.1', editable: '/lab/LyCORIS' },
      { name: 'elsewhere', editable: '/lab/elsewhere' },
      { name: 'prodigy', origin: 'git+https://github.com/konstmish/prodigy@0123abc' },
      { name: 'odd', version: null },
      { name: 'cudatoolkit', origin: 'conda:h6a678d5_0' },
      { name: 'evil\n--index-url http://evil', version: '1' },
      { name: 'evil', version: '1\n-r /etc/passwd' },
    ]),
    places,
  );
  expect(text).toBe(`# Python 3.10.12, torch 2.1.0, CUDA 11.8
torch==2.1.0+cu118
# lycoris-lora 3.1.1, editable from /lab/LyCORIS
-e /tmp
# elsewhere 1.0, editable from /lab/elsewhere
-e /lab/elsewhere
prodigy @ git+https://github.com/konstmish/prodigy@0123abc
# odd: its version is not known
# not written: "evil\\n--index-url http://evil"
# not written: "evil"
`);
});

test('of a conda environment, its own packages with their builds and the others by pip', () => {
  const packages = [
    { name: 'cudatoolkit', version: '11.8.0', origin: 'conda:h6a678d5_0' },
    { name: 'torch', version: '2.1.0' },
  ];
  expect(condaText(environment(packages), places)).toBeNull();
  expect(condaText(environment(packages, 'lora'), places)).toBe(`name: "lora"
dependencies:
  - "python=3.10.12"
  - "cudatoolkit=11.8.0=h6a678d5_0"
  - pip
  - pip:
      - "torch==2.1.0"
`);
});
