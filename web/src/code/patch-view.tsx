import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Patch } from '../../../src/api/index.ts';
import { classes } from '../ui/classes.ts';
import { changedSpans, colouredLines, languageOf, marked, pairedLines, type Segment } from './segments.ts';

type Hunk = Patch['hunks'][number];
interface Line {
  kind: 'same' | 'removed' | 'added';
  before: number | null;
  after: number | null;
  segments: Segment[];
}

/** What changed in one file, with its colours and the words that changed marked. */
export default function PatchView({ patch }: { patch: Patch }) {
  const { t } = useTranslation();
  const path = patch.file.after?.path ?? patch.file.before?.path ?? '';
  const hunks = useMemo(() => patch.hunks.map((hunk) => linesOf(hunk, languageOf(path))), [patch, path]);
  if (patch.binary) return <p className="px-4 py-3 text-sm text-ink-2">{t('code.binary')}</p>;
  if (patch.hunks.length === 0) return <p className="px-4 py-3 text-sm text-ink-2">{t('code.noLines')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide code is scrolled by keys
    <div tabIndex={0} role="region" aria-label={path} className="overflow-x-auto font-mono text-xs leading-5">
      <table className="w-full border-collapse">
        {hunks.map((lines, index) => {
          const hunk = patch.hunks[index] as Hunk;
          return (
            <tbody key={`${hunk.before.start}-${hunk.after.start}`}>
              <tr className="bg-sunken text-ink-3">
                <td colSpan={3} className="px-3 py-0.5">
                  @@ −{hunk.before.start},{hunk.before.lines} +{hunk.after.start},{hunk.after.lines} @@ {hunk.heading}
                </td>
              </tr>
              {lines.map((line) => (
                <Row key={`${line.before}/${line.after}`} line={line} />
              ))}
            </tbody>
          );
        })}
      </table>
      {patch.cut && <p className="px-4 py-2 font-sans text-ink-3">{t('code.cut')}</p>}
    </div>
  );
}

const backs = { same: '', removed: 'bg-bad-soft', added: 'bg-good-soft' } as const;
const signs = { same: ' ', removed: '−', added: '+' } as const;

function Row({ line }: { line: Line }) {
  return (
    <tr className={backs[line.kind]}>
      <td className="w-10 min-w-10 px-2 text-right text-ink-3 select-none">{line.before ?? ''}</td>
      <td className="w-10 min-w-10 px-2 text-right text-ink-3 select-none">{line.after ?? ''}</td>
      <td className="pr-4 whitespace-pre">
        <span aria-hidden className="mr-2 text-ink-3 select-none">
          {signs[line.kind]}
        </span>
        {line.kind !== 'same' && <span className="sr-only">{line.kind === 'added' ? '+' : '-'}</span>}
        {line.segments.map((segment, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line
            key={index}
            className={classes(
              segment.className,
              segment.marked && (line.kind === 'added' ? 'rounded-sm bg-good/25' : 'rounded-sm bg-bad/25'),
            )}
          >
            {segment.text}
          </span>
        ))}
      </td>
    </tr>
  );
}

function linesOf({ before: from, after: to, lines: all }: Hunk, language: string | null): Line[] {
  // The two texts are coloured whole: what begins on a line above goes on here.
  const colours = (without: 'added' | 'removed') =>
    colouredLines(
      all.filter(({ kind }) => kind !== without).map(({ text }) => text),
      language,
    ).values();
  const [old, now] = [colours('added'), colours('removed')];
  const next = (of: ReturnType<typeof colours>): Segment[] => of.next().value ?? [];
  const lines: Line[] = [];
  let before = from.start;
  let after = to.start;
  for (let at = 0; at < all.length; ) {
    const removed = takeWhile(all, at, 'removed');
    const added = takeWhile(all, at + removed.length, 'added');
    const spans = new Map(
      pairedLines(removed, added).map(([i, j]) => [i, { other: j, ...changedSpans(removed[i] ?? '', added[j] ?? '') }]),
    );
    const ofAdded = new Map([...spans.values()].map(({ other, after }) => [other, after]));
    for (const i of removed.keys()) {
      const segments = marked(next(old), spans.get(i)?.before ?? []);
      lines.push({ kind: 'removed', before: before++, after: null, segments });
    }
    for (const i of added.keys()) {
      lines.push({ kind: 'added', before: null, after: after++, segments: marked(next(now), ofAdded.get(i) ?? []) });
    }
    at += removed.length + added.length;
    if (removed.length + added.length > 0 || at >= all.length) continue;
    next(old);
    lines.push({ kind: 'same', before: before++, after: after++, segments: next(now) });
    at++;
  }
  return lines;
}

function takeWhile(lines: Hunk['lines'], from: number, kind: 'removed' | 'added'): string[] {
  const taken: string[] = [];
  for (let at = from; lines[at]?.kind === kind; at++) taken.push(lines[at]?.text ?? '');
  return taken;
}
