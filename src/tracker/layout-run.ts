import { join } from 'node:path';
import type { RecordedRun } from '../model/run.ts';
import { type LayoutResult, writeGuideLayout, writeLogCopy } from './guide-layout.ts';
import type { TellFacts } from './held-facts.ts';
import type { Recording } from './request.ts';
import { readSetUp } from './set-up.ts';

/**
 * Writes the guide's files into the run's output directory: after launch, or where the trainer wants
 * its directory empty, at the end; the log's copy always then.
 *
 * Who comes after a crash (`reconciled`) may find that the user has removed the directory: it stays so.
 *
 * @param stage `over` once the trainer has ended
 */
export async function writeLayout(
  { home }: Recording,
  { run, outputs, spoor }: RecordedRun,
  tell: TellFacts,
  { over, reconciled }: { over: boolean; reconciled: boolean },
): Promise<void> {
  // The directory of a program that is only watched is its own.
  if (run.outputDir === null || run.late?.by === 'traces') return;
  const late = outputs?.plan.mustBeEmpty === true;
  const logPath = join(home.runs.path(run.id), 'log');
  if (late === over || (over && reconciled)) {
    await told(
      tell,
      await writeGuideLayout({
        directory: run.outputDir,
        make: !over && !reconciled,
        run: run.id,
        name: run.name.full,
        home: home.id,
        spoor,
        startedAt: run.startedAt,
        repos: run.repos,
        files: run.files,
        prepared: (await readSetUp(home, run.outputDir))?.files ?? {},
        readObject: (object) => home.objects.get(object),
        logPath: over ? null : logPath,
      }),
    );
  }
  if (over) await told(tell, await writeLogCopy({ directory: run.outputDir, run: run.id, logPath }));
}

async function told(tell: TellFacts, { directory, placed, warnings }: LayoutResult): Promise<void> {
  const files = Object.keys(placed);
  if (files.length > 0) await tell({ type: 'layout', directory, files, placed: { ...placed } });
  for (const warning of warnings) await tell({ type: 'warning', warning });
}
