import { type ReactNode, type Ref, useEffect, useRef, useState } from 'react';
import { Button, useCommands } from '../ui/index.ts';

/**
 * The lines at the lower edge. Beside a list they take what they need. Below images they have one line's place whether or not one is
 * there, so that no image is rescaled while it is read: the gravest is shown, the others behind a count.
 */
export function LinesStrip(props: {
  readonly belowImages: boolean;
  /** Where the open case puts its own lines. */
  readonly ofCase: Ref<HTMLDivElement>;
  readonly children: ReactNode;
}) {
  const stack = useRef<HTMLDivElement>(null);
  const [count, setCount] = useState(0);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const element = stack.current;
    if (element === null) return;
    const recount = (): void => setCount(element.querySelectorAll('.message.line').length);
    const observer = new MutationObserver(recount);
    observer.observe(element, { childList: true, subtree: true });
    recount();
    return () => observer.disconnect();
  }, []);
  const many = props.belowImages && count > 1;
  useEffect(() => {
    if (!many) setOpen(false);
  }, [many]);
  useCommands([
    {
      id: 'app.lines',
      title: 'All lines below the images, or only the first',
      group: 'Overread',
      keys: null,
      run: () => setOpen((before) => !before),
      enabled: () => many,
    },
  ]);
  return (
    <section className={props.belowImages ? 'lines strip' : 'lines'} aria-label="What is new">
      <div ref={stack} className={`lines-stack ${many ? (open ? 'many open' : 'many') : ''}`}>
        <div ref={props.ofCase} className="lines-of-case" />
        {props.children}
      </div>
      {many ? (
        <span className="lines-more">
          <Button expanded={open} onClick={() => setOpen((before) => !before)}>
            {open ? 'Fewer' : `${count - 1} more`}
          </Button>
        </span>
      ) : null}
    </section>
  );
}
