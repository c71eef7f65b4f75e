import { Button, Message } from '../ui/index.ts';
import type { NextStudy } from './use-next-study.ts';

/** What came of the last press of Next study: why this one, or why none. */
export function NextStudyLine({ next, onList }: { readonly next: NextStudy; readonly onList: boolean }) {
  const { answer } = next;
  if (answer === null || (answer.kind === 'found' && onList)) return null;
  return (
    <Message
      tone={answer.kind === 'failed' ? 'ask' : 'tell'}
      title={
        answer.kind === 'found'
          ? 'Why this one'
          : answer.kind === 'none'
            ? 'No next study'
            : 'The next study could not be claimed.'
      }
      action={
        <Button kind="quiet" onClick={next.forget}>
          Close
        </Button>
      }
    >
      {answer.words}
    </Message>
  );
}
