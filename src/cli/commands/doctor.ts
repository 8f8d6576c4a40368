import { exitStatuses } from '../../model/errors.ts';
import { examineCode } from '../../tracker/doctor/code.ts';
import { broken, type Finding, note, ok, problem } from '../../tracker/doctor/finding.ts';
import { examineConda, examineGit, examineGpus, examinePython } from '../../tracker/doctor/programs.ts';
import {
  examineFileSystem,
  examineHome,
  examineReservation,
  examineRuns,
  examineSpace,
} from '../../tracker/doctor/storage.ts';
import type { HomeChoice } from '../choose-home.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { version } from '../package.ts';
import { type ReadSettings, readSettings } from '../settings.ts';
import type { Style } from '../style.ts';
import { shortPath, visible, wrap } from '../text.ts';
import { installedLibrary } from './shell/library.ts';

/** Examines all that recording needs and says how to mend it. */
export async function doctor(context: Context, options: { json?: true }): Promise<number> {
  const findings = await examine(context);
  if (options.json) context.stdout.write(`${jsonText({ findings }, 2)}\n`);
  else context.stdout.write(`${findings.flatMap((each) => lines(each, context)).join('\n')}\n`);
  return findings.some(({ state }) => state === 'error') ? exitStatuses.unavailable : 0;
}

export async function examine(context: Context): Promise<Finding[]> {
  const { env, cwd, userHome, now } = context;
  const question = { env, cwd, userHome };
  const programs = [
    ok('spoor', `Spoor ${version} on Node ${process.versions.node} (${process.execPath})`),
    await examineGit(question),
    ...(await examineLibraries(userHome)),
    examinePython(question),
    examineConda(question),
    await examineGpus(question),
    ...examineSettings(await readSettings(env, userHome)),
  ];
  const opened = await openSettled(context, 'any').catch((error: unknown) => error as Error & { hint?: string | null });
  if (!('home' in opened)) return [...programs, broken('home', opened.message, opened.hint ?? null)];
  const { home, recording } = opened;
  return [
    ...programs,
    examineHome(home, reasons[context.homeChoice]),
    examineFileSystem(home),
    await examineSpace(home),
    examineReservation(env),
    await examineRuns(home, now()),
    ...(await examineCode(recording, cwd, userHome).catch((error: Error) => [note('code', error.message)])),
  ];
}

function examineSettings({ file, exists, problems }: ReadSettings): Finding[] {
  if (!exists) return [];
  if (problems.length === 0) return [ok('settings', `${file} is understood`)];
  return problems.map(({ message, hint }) => problem('settings', message, hint ?? '', ['spoor config']));
}

/** The functions that training scripts source. */
async function examineLibraries(userHome: string): Promise<Finding[]> {
  const found = await Promise.all(
    (['zsh', 'bash'] as const).map(async (shell) => ({ shell, ...(await installedLibrary(userHome, shell)) })),
  );
  const installed = found.filter(({ state }) => state !== 'absent');
  if (installed.length === 0) {
    const install = 'spoor shell zsh --install';
    const hint = `Needed only for scripts that source it: ${install}`;
    return [note('library', 'no library of shell functions is installed', hint, [install])];
  }
  return installed.map(({ shell, path, state, version: its }) => {
    const shown = shortPath(path, userHome);
    if (state === 'current') return ok('library', `${shown} is that of this Spoor`);
    const what =
      state === 'other' ? `is that of Spoor ${its ?? '(unknown)'}, or of one elsewhere` : 'was changed by hand';
    const install = `spoor shell ${shell} --install`;
    return problem('library', `${shown} ${what}`, install, [install]);
  });
}

const reasons: Record<HomeChoice, string> = {
  variable: 'as SPOOR_HOME says',
  default: 'the usual place; SPOOR_HOME chooses another',
  volume: "on this machine's volume, since its own disk is wiped when it stops; SPOOR_HOME chooses another",
};

const marks: Record<Finding['state'], { mark: string; paint: keyof Style }> = {
  ok: { mark: '✓', paint: 'green' },
  note: { mark: '·', paint: 'dim' },
  warning: { mark: '!', paint: 'yellow' },
  error: { mark: '✗', paint: 'red' },
};

/** Width of the column of names. */
const names = 12;

function lines({ check, state, message, hint }: Finding, { style, columns, stdout }: Context): string[] {
  const { mark, paint } = marks[state];
  const width = stdout.isTTY ? Math.max(40, columns) - names - 3 : Number.POSITIVE_INFINITY;
  const fold = (text: string) => (width === Number.POSITIVE_INFINITY ? [text] : wrap(text, width));
  const [first = '', ...more] = fold(visible(message));
  const indent = ' '.repeat(names + 3);
  return [
    `${style[paint](mark)} ${style.dim(check.padEnd(names))} ${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(hint === null ? [] : fold(visible(hint)).map((line) => `${indent}${style.dim(line)}`)),
  ];
}
