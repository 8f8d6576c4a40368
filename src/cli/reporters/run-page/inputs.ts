import type { DatasetState, FileState } from '../../../model/facts.ts';
import type { Run } from '../../../model/run.ts';
import { fullTime, plural, size, visible } from '../../text.ts';
import { type Column, tableLines } from '../table.ts';
import type { Page } from './page.ts';

export function files(page: Page, run: Run): string[] {
  const { style } = page;
  const columns: Column<FileState>[] = [
    { title: 'role', text: ({ role }) => role },
    {
      title: 'hash',
      text: hashText,
      paint: (text, { kind }) => (kind === 'missing' || kind === 'unreadable' ? style.red(text) : style.yellow(text)),
    },
    { title: 'size', text: ({ bytes }) => (bytes === null ? '' : size(bytes)), align: 'right', spare: 1 },
    { title: 'path', text: ({ path }) => page.path(path), cut: 'middle', least: 12 },
    { title: 'changed', text: changedText, paint: style.yellow, least: 8 },
  ];
  return tableLines(columns, run.files, page.room, null);
}

/** Of prompts that were edited while the trainer ran: from when on they made the samples. */
function changedText({ changed }: FileState): string {
  if (!changed) return '';
  const time = fullTime(changed.at).slice('2026-11-23 '.length, -':59'.length);
  return changed.step === null ? `changed at ${time}` : `changed at step ${changed.step}, ${time}`;
}

function hashText({ kind, sha256, model }: FileState): string {
  if (sha256) return sha256.slice(0, 10);
  if (kind === 'file') return 'not hashed';
  return kind === 'remote' && model?.hub ? model.hub.slice(0, 10) : kind;
}

export function dataset(page: Page, { dataset: state }: Run): string[] {
  if (!state) return [];
  const { style } = page;
  const kept = state.imagesKept < state.images ? `${state.imagesKept} of ${plural(state.images, 'image')} kept` : null;
  const columns: Column<Shown>[] = [
    { title: 'kind', text: ({ kind }) => (kind === 'train' || kind === 'given' ? '' : kind), paint: style.yellow },
    { title: 'path', text: ({ path }) => page.path(path), cut: 'middle', least: 12 },
    { title: 'repeats', text: ({ repeats }) => (repeats === null ? '' : `${repeats} ×`), align: 'right' },
    { title: 'tokens', text: (root) => visible(root.classTokens ?? ''), least: 8, spare: 2 },
    { title: 'captions', text: (root) => visible(root.captionExtension ?? ''), paint: style.dim, spare: 1 },
  ];
  const left = state.omitted.length + state.omittedMore;
  return [
    ...page.parts([
      plural(state.images, 'image'),
      plural(state.captions, 'caption'),
      size(state.bytes),
      state.sha256 ? style.yellow(state.sha256.slice(0, 10)) : 'not all hashed',
      kept && style.yellow(kept),
      left > 0 && style.yellow(`${plural(left, 'file')} left out`),
    ]),
    ...tableLines(columns, state.roots.flatMap(eachFolder), page.room, null),
  ];
}

type Root = DatasetState['roots'][number];
type Shown = Omit<Root, 'folders'>;

/** DreamBooth's folders stand for the directory that holds them. */
function eachFolder(root: Root): Shown[] {
  if (!root.folders?.length) return [root];
  return root.folders.map(({ path, ...folder }) => ({ ...root, ...folder, path: `${root.path}/${path}` }));
}
