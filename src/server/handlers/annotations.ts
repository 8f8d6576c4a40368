import type { Told } from '../../model/facts.ts';
import type { RunId } from '../../model/run-id.ts';
import { annotate } from '../../tracker/annotate.ts';
import { loadRun } from '../../tracker/load-run.ts';
import type { ServerContext } from '../context.ts';
import { oneByOne } from '../guard/gate.ts';
import type { Some } from '../handler.ts';

type Annotation = Extract<Told, { type: 'note' | 'tags' | 'verdict' }>;

const done = { done: true } as const;

export function annotationsHandlers({
  recording: { home },
  index,
}: ServerContext): Some<'addNote' | 'setTags' | 'setVerdict'> {
  // A run's file of annotations has one writer.
  const turn = oneByOne();
  const tell = async (runs: readonly RunId[], annotation: Annotation) => {
    // All are there, or nothing is written.
    await Promise.all(runs.map((id) => loadRun(home, id)));
    await turn.through(async () => {
      for (const id of runs) await annotate(home, id, annotation);
    });
    index.markChanged(runs);
    return done;
  };

  return {
    addNote: ({ body: { run, text } }) => tell([run], { type: 'note', text }),
    setTags: ({ body: { runs, add, remove } }) => tell(runs, { type: 'tags', add, remove }),
    setVerdict: ({ body: { runs, verdict, why } }) => tell(runs, { type: 'verdict', verdict, why }),
  };
}
