import { Button, Message } from '../../../ui/index.ts';
import type { Writing } from './use-writing.ts';

/** What became of saving, what stands there of somebody else, and what was found begun. */
export function EditorNotices(props: {
  readonly writing: Writing;
  readonly it: 'template' | 'macro';
  /** It was begun before and not saved. */
  readonly found: boolean;
  /** The version that stands at the host now. */
  readonly standing: number | null;
  readonly onLook: () => void;
  readonly onDiscard: () => void;
}) {
  const { writing, it, standing } = props;
  const { told, keeping, written } = writing;
  const behind = written.replaces !== null && standing !== null && standing !== written.replaces;
  if (told?.kind === 'other' || behind)
    return (
      <Message
        tone="ask"
        title={
          told?.kind === 'other'
            ? told.words
            : `Version ${standing} was saved since these words were begun on version ${written.replaces}.`
        }
        action={
          <>
            <Button onClick={props.onLook}>See what they changed</Button>
            {standing === null ? null : (
              <Button onClick={() => void writing.save(standing)}>
                Save mine as version {standing + 1} all the same
              </Button>
            )}
            <Button onClick={writing.asCopy}>Keep mine as a copy</Button>
          </>
        }
      >
        Theirs stays among the versions whatever you do.
      </Message>
    );
  if (told?.kind === 'failed')
    return (
      <Message tone="ask" title="Not saved." action={<Button onClick={() => void writing.save()}>Try again</Button>}>
        {told.words} Your words are still here.
      </Message>
    );
  if (told?.kind === 'faults')
    return (
      <Message tone="ask" title={`Not saved: the ${it} has to be mended first.`}>
        What is wrong stands below the lines; each goes to its place.
      </Message>
    );
  if (told?.kind === 'saved')
    return <Message tone="tell" title={`Saved as version ${told.version}. Reports that were written keep theirs.`} />;
  if (keeping.standing === 'not-kept' || keeping.standing === 'stale')
    return (
      <Message
        tone="ask"
        title={keeping.words ?? 'Not kept.'}
        action={
          keeping.standing === 'stale' ? <Button onClick={writing.asCopy}>Keep mine as a copy</Button> : undefined
        }
      >
        {keeping.standing === 'stale'
          ? 'Save writes a version of what is here; closing loses it.'
          : 'It is tried again until it is kept. Stay here until then.'}
      </Message>
    );
  if (props.found && writing.dirty)
    return (
      <Message
        tone="tell"
        title={`This ${it} was begun before and not saved. You go on with it.`}
        action={<Button onClick={props.onDiscard}>Discard it</Button>}
      />
    );
  return null;
}
