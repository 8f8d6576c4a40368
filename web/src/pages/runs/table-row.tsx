import { type CSSProperties, memo } from 'react';
import type { Family, Glance, RunRow as Run } from '../../../../src/api/index.ts';
import { FamilyRow } from './family-row.tsx';
import type { Shown } from './run-cell.tsx';
import { RunRow } from './run-row.tsx';

/**
 * One row at its place. Rows that stay while others come and go are not looked at again. What is in one moves nothing
 * outside it, which spares the browser laying out the others.
 */
export const TableRow = memo(function TableRow({
  index,
  top,
  height,
  run,
  family,
  open,
  glance,
  shown,
  selected,
  active,
  onSelect,
  onFold,
}: {
  index: number;
  /** Pixels. */
  top: number;
  height: number;
  /** Neither where it has not come: its place is held. */
  run: Run | null;
  family: Family | null;
  /** Whether the family's runs are shown. */
  open: boolean;
  glance: Glance | null;
  shown: Shown;
  selected: boolean;
  active: boolean;
  onSelect: (index: number, extend: boolean) => void;
  onFold: (family: string) => void;
}) {
  const place: CSSProperties = { top, height, contain: 'layout size' };
  return (
    <div
      role="row"
      data-row={index}
      aria-rowindex={index + 2}
      aria-current={active || undefined}
      className="absolute inset-x-0"
      style={place}
    >
      {run !== null ? (
        <RunRow
          run={run}
          glance={glance}
          index={index}
          shown={shown}
          selected={selected}
          active={active}
          onSelect={onSelect}
        />
      ) : family !== null ? (
        <FamilyRow family={family} open={open} onToggle={() => onFold(family.family)} />
      ) : (
        <Waiting />
      )}
    </div>
  );
});

/** Still: what pulses is a layer of its own, and a list that is flung shows nothing but such rows. */
function Waiting() {
  return (
    <div role="cell" className="flex h-full items-center gap-3 border-b border-line pr-4 pl-12">
      <div aria-hidden className="size-10 rounded-md bg-sunken" />
      <div aria-hidden className="h-4 w-48 rounded-md bg-sunken" />
      <div aria-hidden className="ml-auto h-4 w-24 rounded-md bg-sunken" />
    </div>
  );
}
