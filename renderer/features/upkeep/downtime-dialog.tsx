import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/api/index.ts';
import type { Result } from '../../../shared/lib/result.ts';
import { Button, Dialog, Message } from '../../ui/index.ts';
import { DowntimePaper, type Sheet } from './downtime-paper.tsx';

/** A site's downtime page over whatever is on screen, and its printing. */
export function DowntimeDialog(props: {
  /** Asks the host; it notes each asking as a print. */
  readonly ask: () => Promise<Result<Sheet, Pick<Failure, 'message'>>>;
  readonly onClose: () => void;
}) {
  const { ask } = props;
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    void ask().then((answered) => {
      if (gone) return;
      if (answered.ok) setSheet(answered.value);
      else setTrouble(answered.error.message);
    });
    return () => {
      gone = true;
    };
  }, [ask]);
  return (
    <Dialog
      title="Downtime page"
      className="downtime"
      onClose={props.onClose}
      head={
        <span className="downtime-doing">
          <Button kind="go" disabled={sheet === null} onClick={() => window.print()}>
            Print
          </Button>
          <Button keys="Esc" kind="quiet" onClick={props.onClose}>
            Close
          </Button>
        </span>
      }
    >
      {/* It scrolls, so the keyboard must reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus (WCAG 2.1.1). */}
      <section className="dialog-body downtime-body" aria-label="Page" tabIndex={0}>
        {trouble === null ? null : (
          <Message tone="ask" title="The page could not be made.">
            {trouble} Close it and open it again.
          </Message>
        )}
        {sheet === null ? (
          trouble === null ? (
            <p className="mute">Gathering what is open…</p>
          ) : null
        ) : (
          <DowntimePaper sheet={sheet} />
        )}
      </section>
    </Dialog>
  );
}
