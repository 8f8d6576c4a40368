import type { Told } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';

type Annotation = Extract<Told, { type: 'note' | 'tags' | 'verdict' | 'star' | 'blind-test' }>;

/** Adds what a person says of a run; durable when it returns. */
export async function annotate(home: Home, id: RunId, annotation: Annotation): Promise<void> {
  const log = home.runs.openLog(id, 'annotations');
  try {
    await log.append(annotation);
  } finally {
    await log.close();
  }
}
