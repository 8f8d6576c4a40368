import { classes } from '../../ui/classes.ts';
import type { TagCount } from './areas.ts';

type Sign = '+' | '−' | '±';
const looks: Record<Sign, string> = {
  '+': 'bg-good-soft text-good',
  '−': 'bg-bad-soft text-bad',
  '±': 'bg-sunken text-ink-2',
};

/** A tag that came or went. Its sign says so, too. */
function Chip({ sign, children }: { sign: Sign; children: React.ReactNode }) {
  return (
    <li className={classes('max-w-full rounded-full px-1.5 py-px break-words', looks[sign])}>
      {sign !== '±' && sign}
      {children}
    </li>
  );
}

/** @param props.inline within what is no list: a button */
export function TagChips({
  chips,
  inline = false,
}: {
  chips: readonly { sign: '+' | '−'; tag: string }[];
  inline?: boolean;
}) {
  if (inline) {
    return chips.map(({ sign, tag }) => (
      <span
        key={sign + tag}
        className={classes('mr-1 mb-0.5 inline-block max-w-full truncate rounded-full px-1.5 align-top', looks[sign])}
      >
        {sign}
        <bdi>{tag}</bdi>
      </span>
    ));
  }
  return (
    <ul className="flex min-w-0 flex-wrap gap-1">
      {chips.map(({ sign, tag }) => (
        <Chip key={sign + tag} sign={sign}>
          <bdi>{tag}</bdi>
        </Chip>
      ))}
    </ul>
  );
}

const signOf = ({ before, after }: TagCount): Sign => (before === 0 ? '+' : after === 0 ? '−' : '±');

/** Tags by how often they stand in the captions. */
export function CountChips({ counts }: { counts: readonly TagCount[] }) {
  return (
    <ul className="flex min-w-0 flex-wrap gap-1">
      {counts.map((count) => (
        <Chip key={count.tag} sign={signOf(count)}>
          <bdi>{count.tag}</bdi>{' '}
          <span className="tabular-nums">
            {count.before} → {count.after}
          </span>
        </Chip>
      ))}
    </ul>
  );
}
