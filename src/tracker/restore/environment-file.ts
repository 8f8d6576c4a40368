import type { EnvironmentState, PythonPackage } from '../../model/facts.ts';
import type { Places } from './places.ts';

/**
 * The packages as `pip freeze` writes them, for `pip install -r`: editable installs from where they were
 * restored, others from where they came. Conda's own packages are not among them.
 */
export function requirementsText(environment: EnvironmentState, places: Places): string {
  const { python, torch, cuda, packages } = environment;
  const known = [python && `Python ${python}`, torch && `torch ${torch}`, cuda && `CUDA ${cuda}`].filter(Boolean);
  const head = known.length === 0 ? [] : [`# ${known.join(', ')}`.replace(/[\r\n]/g, ' ')];
  const lines = packages.filter((each) => !isConda(each)).flatMap((each) => requirement(each, places));
  return `${[...head, ...lines].join('\n')}\n`;
}

/** For `conda env create -f`; null where it was no conda environment. */
export function condaText(environment: EnvironmentState, places: Places): string | null {
  const { conda, python, packages } = environment;
  if (conda === null) return null;
  const own = packages.filter(isConda).flatMap(({ name, version, origin }) => {
    const build = origin!.slice('conda:'.length);
    return version === null ? [] : `${name}=${version}=${build}`;
  });
  const isListed = packages.some((each) => isConda(each) && each.name === 'python');
  const pip = packages.filter((each) => !isConda(each)).flatMap((each) => requirement(each, places));
  const requirements = pip.filter((line) => !line.startsWith('#'));
  const lines = [
    `name: ${JSON.stringify(conda)}`,
    'dependencies:',
    ...(python === null || isListed ? [] : [`  - ${JSON.stringify(`python=${python}`)}`]),
    ...own.map((each) => `  - ${JSON.stringify(each)}`),
    ...(requirements.length === 0
      ? []
      : ['  - pip', '  - pip:', ...requirements.map((each) => `      - ${JSON.stringify(each)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function isConda({ origin }: PythonPackage): boolean {
  return origin?.startsWith('conda:') ?? false;
}

/** What pip takes for one line must not become another by what a record holds. */
function requirement({ name, version, editable, origin }: PythonPackage, places: Places): string[] {
  const isPlain = /^[A-Za-z0-9][\w.-]*$/.test(name) && !/[\r\n\s]/.test(`${version}${origin}`);
  if (!isPlain || /[\r\n]/.test(editable ?? '')) return [`# not written: ${JSON.stringify(name)}`];
  if (editable !== null) {
    const now = places.now(editable);
    const was = version === null ? name : `${name} ${version}`;
    return [`# ${was}, editable from ${editable}`, `-e ${now ?? editable}`];
  }
  if (origin !== null) return [`${name} @ ${origin}`];
  return [version === null ? `# ${name}: its version is not known` : `${name}==${version}`];
}
