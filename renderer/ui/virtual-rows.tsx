import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useCallback, useImperativeHandle, useRef } from 'react';

export type VirtualRowsHandle = { scrollTo(index: number): void };

/**
 * The rows of a grid, of which only those in sight (and some beyond) are in the page, so that a list of 100,000 paints like one of a
 * hundred. `keep` is an index that stays in the page wherever it is: the row that has focus.
 */
export function VirtualRows(props: {
  readonly count: number;
  readonly rowHeight: number;
  readonly keep: number | null;
  readonly render: (index: number, offset: number) => ReactNode;
  readonly className?: string;
  readonly handle?: Ref<VirtualRowsHandle>;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const { keep } = props;
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      if (keep === null || keep < 0 || keep >= range.count || shown.includes(keep)) return shown;
      return [...shown, keep].sort((left, right) => left - right);
    },
    [keep],
  );
  const virtualizer = useVirtualizer({
    count: props.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => props.rowHeight,
    overscan: 20,
    rangeExtractor,
  });
  useImperativeHandle(props.handle, () => ({
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  }));
  return (
    <div ref={scroller} className={props.className} role="presentation">
      <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map((item) => props.render(item.index, item.start))}
      </div>
    </div>
  );
}
