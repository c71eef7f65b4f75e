import { useCallback, useEffect, useState } from 'react';
import type { CallInput, FollowUpBoard, FollowUpLine } from '../../shared/api/index.ts';
import { shownDate, shownName } from '../case/index.ts';
import { countWords, type PressedMove, TrackedLine } from '../features/follow-up/index.ts';
import type { HostClient } from '../host/index.ts';
import { Button, Message } from '../ui/index.ts';

const askEvery = 60_000;

/** Exams that reports of this site recommend: due soon and overdue first. The desk says what became of them, or who has them. */
export function SiteFollowUps({ host }: { readonly host: Pick<HostClient, 'call'> }) {
  const [board, setBoard] = useState<FollowUpBoard | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const load = useCallback(async (): Promise<void> => {
    const found = await host.call('siteFollowUps');
    setTrouble(found.ok ? null : found.error.message);
    if (found.ok) setBoard(found.value);
  }, [host]);
  useEffect(() => {
    void load();
    const again = setInterval(() => void load(), askEvery);
    return () => clearInterval(again);
  }, [load]);
  const move = async ({ followUp }: FollowUpLine, pressed: PressedMove): Promise<string | null> => {
    const done = await host.call('siteMoveFollowUp', {
      params: { followUpId: followUp.id },
      input: { move: { ...pressed, ago: 0 } } as CallInput<'siteMoveFollowUp'>,
    });
    if (!done.ok) return done.error.message;
    setBoard(done.value);
    return null;
  };
  if (board === null && trouble === null) return null;
  const lines = board?.lines ?? [];
  return (
    <section aria-label="Recommended exams">
      <h2>Recommended exams{lines.length === 0 ? '' : `: ${countWords(lines)}`}</h2>
      {trouble === null ? null : (
        <Message
          tone="ask"
          title="The recommended exams could not be asked for."
          action={<Button onClick={() => void load()}>Ask again</Button>}
        >
          {trouble}
        </Message>
      )}
      {lines.length === 0 && trouble === null ? (
        <p className="dim">Exams that reports of your site recommend appear here by themselves.</p>
      ) : null}
      <ul className="site-list site-follow-ups">
        {lines.map((line) => (
          <TrackedLine
            key={line.followUp.id}
            line={line}
            mayCorrect={false}
            head={
              <span className="who">
                <b>{shownName(line.patient.name).whole}</b>{' '}
                <span className="dim">
                  {[shownDate(line.patient.birthDate), line.exam, line.accession ?? 'no accession']
                    .filter((one) => one !== '')
                    .join(', ')}
                </span>
              </span>
            }
            onMove={(pressed) => move(line, pressed)}
          />
        ))}
      </ul>
      {board !== null && board.more > 0 ? <p className="dim">{board.more} more are not shown.</p> : null}
    </section>
  );
}
