import { classes } from '../../ui/classes.ts';

/** The colour of a run among those that are shown, with its name. @param props.index of the run among all that are shown */
export function RunDot({ index, name, className }: { index: number; name: string; className?: string }) {
  return (
    <span className={classes('flex min-w-0 items-center gap-1.5', className)} title={name}>
      <span
        aria-hidden
        className="size-2 shrink-0 rounded-full"
        style={{ background: `var(--series-${(index % 8) + 1})` }}
      />
      <span className="truncate">{name}</span>
    </span>
  );
}
