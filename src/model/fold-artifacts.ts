import type { Artifact, FactOf } from './facts.ts';
import type { MadeArtifact, Removed, Star } from './run.ts';

type ArtifactFact =
  | FactOf<'artifact'>
  | FactOf<'preview'>
  | FactOf<'kept'>
  | FactOf<'star'>
  | FactOf<'artifact.removed'>
  | FactOf<'artifact.restored'>
  | FactOf<'artifact.deleted'>;

/** What a run made, and what became of each: the parts are told by facts of their own. */
export class FoldedArtifacts {
  readonly #artifacts = new Map<string, Artifact>();
  readonly #previews = new Map<string, FactOf<'preview'>>();
  readonly #kept = new Map<string, string>();
  readonly #removed = new Map<string, Removed>();
  readonly #stars = new Map<string, Star>();

  take(fact: ArtifactFact): void {
    switch (fact.type) {
      case 'artifact': {
        this.#artifacts.set(fact.artifact.path, fact.artifact);
        // Made again; that it went is what the removal told.
        if (fact.artifact.goneAt === null) this.#removed.delete(fact.artifact.path);
        return;
      }
      case 'preview':
        this.#previews.set(fact.path, fact);
        return;
      case 'kept':
        if (fact.kept) this.#kept.set(fact.path, fact.object);
        else this.#kept.delete(fact.path);
        return;
      case 'star': {
        const key = fact.step === null ? `epoch ${fact.epoch}` : `step ${fact.step}`;
        if (fact.starred) this.#stars.set(key, { step: fact.step, epoch: fact.epoch, at: fact.at });
        else this.#stars.delete(key);
        return;
      }
      case 'artifact.removed':
        this.#removed.set(fact.path, { at: fact.at, reason: fact.reason, trash: fact.to });
        return;
      case 'artifact.restored': {
        this.#removed.delete(fact.path);
        const artifact = this.#artifacts.get(fact.path);
        if (artifact) this.#artifacts.set(fact.path, { ...artifact, goneAt: null });
        return;
      }
      case 'artifact.deleted': {
        const removed = this.#removed.get(fact.path);
        if (removed) this.#removed.set(fact.path, { ...removed, trash: null });
        return;
      }
    }
  }

  all(): MadeArtifact[] {
    return [...this.#artifacts.values()].map((artifact) => this.#made(artifact)).sort(byStep);
  }

  stars(): Star[] {
    const place = ({ step, epoch }: Star) => step ?? epoch ?? 0;
    return [...this.#stars.values()].sort((a, b) => place(a) - place(b));
  }

  /** A preview or copy of another version of the file is not this one's. */
  #made(artifact: Artifact): MadeArtifact {
    const { path, sha256 } = artifact;
    const found = this.#previews.get(path);
    const shown = found && (sha256 === null || found.sha256 === sha256) ? found : null;
    const object = this.#kept.get(path);
    const removed = this.#removed.get(path);
    return {
      ...artifact,
      ...(shown?.preview && { preview: shown.preview }),
      ...(shown?.image && { image: shown.image }),
      ...(object !== undefined && (sha256 === null || object === sha256) && { object }),
      ...(removed && { removed }),
    };
  }
}

function byStep(a: Artifact, b: Artifact): number {
  const step = (each: Artifact) => each.step ?? (each.final ? Number.MAX_SAFE_INTEGER : -1);
  return step(a) - step(b) || (a.path < b.path ? -1 : 1);
}
