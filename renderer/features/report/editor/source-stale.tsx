import { prefillSources, type SourcedWords } from '../../../../shared/domain/report/index.ts';
import { Button, Mark } from '../../../ui/index.ts';

/** Told where a source now says something else than the words that it put in and nobody touched. Nothing changes by itself. */
export function SourceStale(props: {
  readonly one: SourcedWords;
  readonly now: string;
  readonly readOnly: boolean;
  readonly onTake: () => void;
  readonly onKeep: () => void;
}) {
  return (
    <div className="source-stale" role="note">
      <span>
        <Mark shape="diamond" /> {prefillSources[props.one.section]?.says ?? 'The source now says'} <q>{props.now}</q>
      </span>
      {props.readOnly ? null : (
        <>
          <Button kind="quiet" keys="Alt+Shift+Y" onClick={props.onTake}>
            Take the new words
          </Button>
          <Button kind="quiet" onClick={props.onKeep}>
            Keep these
          </Button>
        </>
      )}
    </div>
  );
}
