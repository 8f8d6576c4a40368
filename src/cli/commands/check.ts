import { exitStatuses } from '../../model/errors.ts';
import { openHome } from '../../store/home.ts';
import { type CheckedRun, checkRun } from '../../tracker/check-run.ts';
import type { ComparedRun } from '../../tracker/compare-family.ts';
import { prepareRun } from '../../tracker/prepare-run.ts';
import type { Finding, Severity } from '../../trainers/trainer.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json.ts';
import { familyLines } from '../reporters/banner.ts';
import { plural, shortPaths, visible, wrap } from '../text.ts';
import { type RunOptions, requestOf } from './run.ts';
import { beside, inThrowAwayHome } from './throw-away.ts';

/** Says what deserves a look before a command is started. 78 if the trainer would fail, else 0. */
export async function check(context: Context, command: string[], options: Omit<RunOptions, 'clean'>): Promise<number> {
  const request = requestOf(context, command, { ...options, clean: true });
  const own = await openHome(context.home, context.host, context.cache).catch(() => null);
  const checked = await inThrowAwayHome(context, async (recording) => {
    const prepared = await prepareRun(request, {
      ...recording,
      home: own === null ? recording.home : beside(own, recording.home),
    });
    return checkRun(prepared, { ...recording, home: own ?? recording.home });
  });
  if (options.json) context.stdout.write(`${jsonText(asJson(checked), 2)}\n`);
  else context.stdout.write(`${lines(context, checked).join('\n')}\n`);
  return checked.findings.some(({ severity }) => severity === 'error') ? exitStatuses.refused : 0;
}

function asJson({ run, findings, last, identical }: CheckedRun) {
  const named = (compared: ComparedRun | null) =>
    compared && { id: compared.run.id, name: compared.run.name.full, status: compared.run.status };
  return {
    name: run.name,
    family: run.family,
    trainer: run.trainer,
    findings,
    last: last && { ...named(last), changes: last.changes },
    identical: named(identical),
  };
}

const severities: readonly Severity[] = ['error', 'warning', 'note'];

function lines(context: Context, checked: CheckedRun): string[] {
  const { columns, style } = context;
  const { findings, run } = checked;
  const family = familyLines({ ...context, errorStyle: style }, checked, columns);
  const found = findings.flatMap((finding) => findingLines(context, finding));
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : plural(count, severity);
  });
  const summary = counts.length === 0 ? 'nothing to remark' : counts.join(', ');
  return [...family, ...found, style.dim(`${visible(run.name.full)}: ${summary}`)];
}

function findingLines({ style, columns, userHome }: Context, { severity, message, hint }: Finding): string[] {
  const paint = { error: style.red, warning: style.yellow, note: style.dim }[severity];
  const lead = `${severity}: `;
  const indent = '  ';
  const text = (of: string) => shortPaths(visible(of), userHome);
  const [first = '', ...rest] = wrap(lead + text(message), columns);
  const hints = hint === null ? [] : wrap(text(hint), columns - indent.length);
  return [
    paint(lead.trimEnd()) + first.slice(lead.length - 1),
    ...rest.map((line) => indent + line),
    ...hints.map((line) => style.dim(indent + line)),
  ];
}
