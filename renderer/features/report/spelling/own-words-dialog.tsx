import { useStore } from 'zustand';
import { Button, Dialog } from '../../../ui/index.ts';
import type { WordOwner } from './own-words.ts';
import { SpellingNoteLine } from './spelling-note.tsx';
import type { Spelling } from './use-spelling.tsx';

/** Words that were added to the spelling check: seen, and taken out again. */
export function OwnWordsDialog({ spelling, onClose }: { readonly spelling: Spelling; readonly onClose: () => void }) {
  const { own, group, mayGroup } = useStore(spelling.own.state);
  return (
    <Dialog title="Words added to the spelling check" onClose={onClose} className="spelling-dialog">
      <div className="dialog-body">
        <WordList title="Your words" owner="own" words={own} mayChange spelling={spelling} />
        <WordList title="The group’s words" owner="group" words={group} mayChange={mayGroup} spelling={spelling} />
        <SpellingNoteLine spelling={spelling} />
        <p className="mute small">
          A word is added from the report: F7 goes to the next one that is in no word list and offers what may be meant.
        </p>
      </div>
    </Dialog>
  );
}

function WordList(props: {
  readonly title: string;
  readonly owner: WordOwner;
  readonly words: readonly string[];
  readonly mayChange: boolean;
  readonly spelling: Spelling;
}) {
  const words = props.words.toSorted((left, right) => left.localeCompare(right, 'en'));
  return (
    <section aria-label={props.title} className="spelling-list">
      <h3>{props.title}</h3>
      {words.length === 0 ? <p className="mute">None was added.</p> : null}
      <ul>
        {words.map((word) => (
          <li key={word}>
            <span>{word}</span>
            {props.mayChange ? (
              <Button
                kind="quiet"
                label={`Take out ${word}`}
                onClick={() => props.spelling.change(word, props.owner, 'remove')}
              >
                Take out
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
