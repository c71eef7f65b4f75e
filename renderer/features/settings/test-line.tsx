import { Mark } from '../../ui/index.ts';

export type TestAnswer = { readonly answers: boolean; readonly words: string } | 'asking' | null;

/** What came of trying a channel. */
export function TestLine({ answer }: { readonly answer: TestAnswer }) {
  if (answer === null) return null;
  if (answer === 'asking')
    return (
      <p className="mute" role="status">
        Connecting…
      </p>
    );
  return (
    <p className={answer.answers ? 'dim' : 'signal'} role="status">
      <Mark shape={answer.answers ? 'tick' : 'cross'} /> {answer.answers ? '' : 'Does not answer as it should. '}
      {answer.words}
    </p>
  );
}
