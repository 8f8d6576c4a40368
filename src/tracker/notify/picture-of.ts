import type { MadeArtifact, Run } from '../../model/run.ts';
import type { Picture } from '../../notify/message.ts';
import { contactSheet } from '../artefacts/contact-sheet.ts';
import { sampleGrid } from '../artefacts/sample-grid.ts';
import type { Recording } from '../request.ts';

/** As much as can be told apart on a phone. */
const mostPrompts = 6;
const mostPlaces = 5;
/** Bytes that Discord and ntfy take. */
const mostBytes = 8_000_000;

/**
 * A contact sheet for a message: the first prompts, at steps from the first to the last. Null where there are no
 * samples, or no picture can be made of them.
 *
 * @param prompts whether their texts may stand in it
 */
export async function pictureOf(
  { home, images }: Pick<Recording, 'home' | 'images'>,
  run: Run,
  prompts: boolean,
): Promise<Picture | null> {
  const artifacts = chosen(run).map((each) => (prompts ? each : withoutPrompt(each)));
  if (!images || artifacts.length === 0) return null;
  try {
    const { png, pictures } = await contactSheet(home, images, [{ ...run, artifacts }]);
    if (pictures === 0) return null;
    if (png.length <= mostBytes) return { name: 'samples.png', type: 'image/png', bytes: new Uint8Array(png) };
    const { webp } = await images.preview(png);
    return { name: 'samples.webp', type: 'image/webp', bytes: new Uint8Array(webp) };
  } catch {
    // The words are worth sending without it.
    return null;
  }
}

function chosen(run: Run): MadeArtifact[] {
  const { rows } = sampleGrid([run]);
  return rows.slice(0, mostPrompts).flatMap(({ cells }) => {
    const last = cells.length - 1;
    const count = Math.min(cells.length, mostPlaces);
    const places = Array.from({ length: count }, (_, i) => (count === 1 ? last : Math.round((i * last) / (count - 1))));
    return places.flatMap((at) => cells[at] ?? []);
  });
}

function withoutPrompt({ prompted: _, ...sample }: MadeArtifact): MadeArtifact {
  return sample;
}
