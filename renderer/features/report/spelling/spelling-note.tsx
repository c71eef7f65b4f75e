import { Button } from '../../../ui/index.ts';
import type { Spelling } from './use-spelling.tsx';

/** What was done with a word, and its undoing; nothing while there is nothing to tell. */
export function SpellingNoteLine({ spelling }: { readonly spelling: Pick<Spelling, 'note' | 'say'> }) {
  const { note, say } = spelling;
  if (note === null) return null;
  const { undo } = note;
  return (
    <p className="spelling-note" role="status" aria-label="Spelling">
      <span>{note.words}</span>
      {undo === null ? null : (
        <Button
          kind="quiet"
          onClick={() => {
            say(null);
            undo();
          }}
        >
          Undo
        </Button>
      )}
      <Button kind="quiet" onClick={() => say(null)}>
        Close
      </Button>
    </p>
  );
}
