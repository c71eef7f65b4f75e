import { Button, Mark } from '../../ui/index.ts';
import type { ChannelTest } from './use-site-channels.ts';

export type TestAnswer = ChannelTest | 'asking' | null;

/** What is told below a long form is seen when it appears, without anybody looking for it. */
export const intoView = (told: HTMLElement | null): void => told?.scrollIntoView({ block: 'nearest' });

/** What came of trying a channel. */
export function TestLine({
  answer,
  onConfirm,
}: {
  readonly answer: TestAnswer;
  /** A person says that the key that a server showed is the gateway’s own; absent where it cannot be said here. */
  readonly onConfirm?: (hostKey: string) => void;
}) {
  if (answer === null) return null;
  if (answer === 'asking')
    return (
      <p ref={intoView} className="mute" role="status">
        Connecting…
      </p>
    );
  const { hostKey } = answer;
  return (
    <div ref={intoView} className="channel-test">
      <p className={answer.answers ? 'dim' : 'signal'} role="status">
        <Mark shape={answer.answers ? 'tick' : 'cross'} />{' '}
        {answer.answers || hostKey !== undefined ? '' : 'Does not answer as it should. '}
        {answer.words}
      </p>
      {hostKey === undefined || onConfirm === undefined ? null : (
        <p className="channel-host-key">
          <span>
            Hold it against what the gateway’s operator gave you, by telephone or on paper, not by what the server
            itself says.
          </span>
          <Button onClick={() => onConfirm(hostKey)}>This is the gateway’s key</Button>
        </p>
      )}
    </div>
  );
}
