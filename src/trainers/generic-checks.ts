import type { CheckSubject, Finding } from './trainer.ts';

/** Of a trainer whose rules are not known: models that stand where it will write. */
export function genericChecks({ standing, outputs }: CheckSubject): Finding[] {
  const models = standing.filter(({ name }) => name.kind === 'checkpoint').map(({ path }) => path);
  if (models.length === 0) return [];
  const message = `${outputs.outputDir} already holds ${someOf(models)}: this trainer may overwrite, continue or refuse`;
  const hint = 'Choose another output directory, or move them away.';
  return [{ severity: 'warning', code: 'output-not-empty', message, hint }];
}

/** The first names, and how many more there are. */
export function someOf(names: readonly string[], most = 2): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
