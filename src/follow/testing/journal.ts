/** For tests: what a journal of facts, one JSON line each, says. A torn line says nothing. */
import type { Artifact } from '../../model/facts.ts';

interface Line {
  type: string;
  artifact?: Artifact;
  sha256?: string;
}

function linesOf(journal: string): Line[] {
  return journal.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

/** The last that is said of each path. */
export function artifactsOf(journal: string): Map<string, Artifact> {
  const artifacts = linesOf(journal).flatMap(({ artifact }) => (artifact ? [artifact] : []));
  return new Map(artifacts.map((artifact) => [artifact.path, artifact]));
}

export function promptsOf(journal: string): string[] {
  return linesOf(journal).flatMap((line) => (line.type === 'prompts' && line.sha256 ? [line.sha256] : []));
}

export function typesOf(journal: string): string[] {
  return linesOf(journal).map((line) => line.type);
}
