import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys.ts';
import { classes } from '../../ui/classes.ts';
import { Segments } from '../../ui/segments.tsx';
import { ratioOf } from './grid.ts';
import { Cell, captionHeight, cellGap, RowHead } from './matrix-cell.tsx';
import { useStepKeys } from './step-keys.ts';
import type { ViewProps } from './view.ts';
import { SharedView } from './view-port.tsx';
import { placeText } from './words.tsx';
import { ZoomTools } from './zoom-tools.tsx';

const headHeight = 34;

/**
 * A row a prompt, a column a step; several runs beneath each other within a row, or beside each other within a column.
 * Only what is in sight is drawn, and a little around it.
 */
export default function Matrix(props: ViewProps) {
  const { t } = useTranslation();
  const { runs, look, onLook } = props;
  return (
    <SharedView zoom={look.zoom} onZoom={(zoom) => onLook({ zoom })}>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <label className="flex items-center gap-2 text-sm text-ink-2">
          {t('samples.size')}
          <input
            type="range"
            min={72}
            max={512}
            step={8}
            value={look.size}
            onChange={(event) => onLook({ size: Number(event.target.value) })}
            className="w-36 accent-accent"
          />
        </label>
        {runs.length > 1 && (
          <Segments
            label={t('samples.runs')}
            value={look.lay}
            onChange={(lay) => onLook({ lay })}
            options={[
              { value: 'beneath', label: t('samples.beneath') },
              { value: 'beside', label: t('samples.beside') },
            ]}
          />
        )}
        <ZoomTools />
      </div>
      <Cells {...props} />
    </SharedView>
  );
}

function Cells({ runs, colours, grid, place, prompt, look, onPlace, onPrompt, onView }: ViewProps) {
  const { t } = useTranslation();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const beside = look.lay === 'beside' && runs.length > 1;
  const width = look.size + cellGap;
  const height = Math.round(look.size / ratioOf(runs)) + captionHeight + cellGap;
  const headWidth = useHeadWidth();
  const perRow = beside ? 1 : runs.length;
  const perPlace = beside ? runs.length : 1;
  const rows = useVirtualizer({
    count: grid.rows.length * perRow,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 1,
    scrollPaddingEnd: headHeight,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: grid.places.length * perPlace,
    getScrollElement: () => scroller.current,
    estimateSize: () => width,
    overscan: 2,
    scrollPaddingEnd: headWidth,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are measured anew where cells have another size
  useEffect(() => {
    rows.measure();
    columns.measure();
  }, [width, height]);
  useStepKeys(grid, place, prompt, onPlace, onPrompt);
  useKeys({ Enter: () => onView('step') });
  const placeIndex = grid.places.findIndex(({ key }) => key === place?.key);
  const rowIndex = grid.rows.findIndex(({ index }) => index === prompt?.index);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is brought into sight when it changes
  useEffect(() => {
    if (placeIndex < 0 || rowIndex < 0) return;
    rows.scrollToIndex(rowIndex * perRow, { align: 'auto' });
    columns.scrollToIndex(placeIndex * perPlace, { align: 'auto' });
  }, [placeIndex, rowIndex, perRow, width, height]);
  const inSight = columns.getVirtualItems();
  const places = [...new Set(inSight.map(({ index }) => Math.floor(index / perPlace)))];
  const cellId = (row: number, column: number) => `${id}-${row}-${column}`;
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={t('samples.views.matrix')}
      aria-rowcount={grid.rows.length * perRow + 1}
      aria-colcount={grid.places.length * perPlace + 1}
      aria-activedescendant={
        placeIndex < 0 || rowIndex < 0 ? undefined : cellId(rowIndex * perRow, placeIndex * perPlace)
      }
      className="group/grid relative w-fit max-w-full overflow-auto rounded-xl border border-line bg-panel"
      style={{ maxHeight: 'calc(100dvh - 13rem)', minHeight: height + headHeight }}
    >
      <div
        className="relative"
        style={{
          width: headWidth + columns.getTotalSize() + cellGap,
          height: headHeight + rows.getTotalSize() + cellGap,
        }}
      >
        <div role="row" aria-rowindex={1} className="sticky top-0 z-20 bg-panel text-xs" style={{ height: headHeight }}>
          <div
            role="columnheader"
            className="sticky left-0 z-10 flex h-full items-center bg-panel px-3 text-ink-3"
            style={{ width: headWidth }}
          >
            {t('samples.prompt')}
          </div>
          {places.map((at) => {
            const each = grid.places[at];
            return (
              each && (
                <div
                  key={each.key}
                  role="columnheader"
                  aria-colindex={at * perPlace + 2}
                  aria-colspan={perPlace}
                  className={classes(
                    'absolute top-0 flex h-full items-center justify-center tabular-nums',
                    at === placeIndex ? 'font-semibold text-accent' : 'text-ink-3',
                  )}
                  style={{ left: headWidth + at * perPlace * width, width: perPlace * width }}
                >
                  {placeText(each, t)}
                </div>
              )
            );
          })}
        </div>
        {rows.getVirtualItems().map(({ index, start }) => {
          const row = grid.rows[Math.floor(index / perRow)];
          if (!row) return null;
          const isFirst = index % perRow === 0;
          const own = beside ? runs : runs.slice(index % perRow, (index % perRow) + 1);
          return (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              className={classes('absolute inset-x-0', isFirst && 'border-t border-line')}
              style={{ top: headHeight + start, height }}
            >
              <RowHead
                row={row}
                shows={isFirst}
                runs={runs.length > 1 ? own : []}
                colours={own.map((run) => colours[runs.indexOf(run)] ?? 0)}
                width={headWidth}
                height={height}
              />
              {inSight.map((column) => {
                const at = Math.floor(column.index / perPlace);
                const each = grid.places[at];
                const run = beside ? runs[column.index % perPlace] : own[0];
                if (!each || !run) return null;
                return (
                  <Cell
                    key={column.index}
                    id={cellId(index, column.index)}
                    column={column.index + 2}
                    left={headWidth + column.start}
                    width={width}
                    height={height}
                    row={row}
                    run={run}
                    colour={beside ? (colours[runs.indexOf(run)] ?? 0) : null}
                    named={runs.length > 1}
                    place={each}
                    here={at === placeIndex && row.index === prompt?.index}
                    onChoose={() => {
                      onPlace(each);
                      onPrompt(row.index);
                    }}
                  />
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Of the column that says whose a row is: narrow where the window is. */
function useHeadWidth(): number {
  return innerWidth < 640 ? 104 : 184;
}
