import type { Told } from '../../model/facts.ts';
import type { RunId } from '../../model/run-id.ts';
import { annotate, changeNote, meantNote } from '../../tracker/annotate.ts';
import { loadRun } from '../../tracker/load-run.ts';
import type { ServerContext } from '../context.ts';
import { oneByOne } from '../guard/gate.ts';
import type { Some } from '../handler.ts';

type Annotation = Extract<Told, { type: 'note' | 'tags' | 'verdict' | 'blind-test' }>;

const done = { done: true } as const;

export function annotationsHandlers({
  recording,
  index,
}: ServerContext): Some<'addNote' | 'changeNote' | 'setTags' | 'setVerdict' | 'recordBlindTest'> {
  const { home } = recording;
  // A run's file of annotations has one writer.
  const turn = oneByOne();
  const changing = async (runs: readonly RunId[], work: () => Promise<void>) => {
    // All are there, or nothing is written.
    await Promise.all(runs.map((id) => loadRun(home, id)));
    await turn.through(work);
    index.markChanged(runs);
    return done;
  };
  const tell = (runs: readonly RunId[], annotation: Annotation) =>
    changing(runs, async () => {
      for (const id of runs) await annotate(home, id, annotation);
    });

  return {
    addNote: ({ body: { run, text } }) => tell([run], { type: 'note', text }),
    changeNote: ({ body: { run, note, text } }) =>
      changing([run], async () => changeNote(home, run, await meantNote(home, run, note), text)),
    setTags: ({ body: { runs, add, remove } }) => tell(runs, { type: 'tags', add, remove }),
    setVerdict: ({ body: { runs, verdict, why } }) => tell(runs, { type: 'verdict', verdict, why }),

    async recordBlindTest({ body: { runs: ids, first, second, ties, text, test } }) {
      const [one = '', other = ''] = ids;
      await Promise.all(ids.map((id) => loadRun(home, id)));
      const told = { type: 'blind-test', ties, ...(test === undefined ? {} : { test }) } as const;
      await turn.through(async () => {
        // With one of the two it may have been kept before a failure.
        const left = [];
        for (const id of ids) {
          const { blindTests } = await loadRun(home, id);
          if (test === undefined || !blindTests.some((each) => each.test === test)) left.push(id);
        }
        for (const id of left) {
          const [against, won, lost] = id === one ? [other, first, second] : [one, second, first];
          // The note first: where the writing fails between the two it is told again, and nothing is counted twice.
          await annotate(home, id, { type: 'note', text });
          await annotate(home, id, { ...told, against, won, lost });
        }
      });
      index.markChanged(ids);
      return done;
    },
  };
}
