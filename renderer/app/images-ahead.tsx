import { useEffect, useState } from 'react';
import type { WorklistRow } from '../../shared/api/index.ts';
import { shownName } from '../case/index.ts';
import { Button, Dialog, useCommands } from '../ui/index.ts';
import { aheadWords, bandwidthWords, seriesStateWords, studyAheadWords } from './images-ahead-words.ts';
import type { ImagesAheadBook } from './use-images-ahead.ts';

/** How far the next studies are fetched into the sealed cache, one line; each study and series, and a pause, one press away. */
export function ImagesAhead(props: {
  readonly ahead: ImagesAheadBook;
  readonly rowOf: (taskId: string) => WorklistRow | undefined;
}) {
  const { view, trouble, pause, setWatched } = props.ahead;
  const [shown, setShown] = useState(false);
  useEffect(() => setWatched(shown), [setWatched, shown]);
  const isThere = view !== null && view.state !== 'local' && view.state !== 'off';
  const isPaused = view?.state === 'paused';
  useCommands([
    {
      id: 'app.fetch-ahead',
      title: 'Next studies fetched ahead…',
      group: 'Overread',
      keys: null,
      run: () => setShown(true),
      enabled: () => isThere,
    },
  ]);
  if (view === null || !isThere) return null;
  return (
    <>
      <button type="button" className="as-link mute" onClick={() => setShown(true)}>
        {aheadWords(view)}
      </button>
      {shown ? (
        <Dialog title="Next studies, fetched ahead" onClose={() => setShown(false)}>
          <div className="dialog-body ahead-body">
            <p>{bandwidthWords(view)}</p>
            {trouble === null ? null : (
              <p className="signal" role="alert">
                It could not be asked: {trouble}
              </p>
            )}
            {view.studies.length === 0 ? (
              <p className="dim">Nothing is waiting that you may read, or the list is still being looked through.</p>
            ) : (
              <ul aria-label="Studies fetched ahead">
                {view.studies.map((one) => (
                  <li key={`${one.taskId}${one.studyUid}`}>
                    <b>{shownName(props.rowOf(one.taskId)?.patient.name ?? '').whole || 'A study of your list'}</b>
                    {one.role === 'prior' ? ', a prior' : ''}: {studyAheadWords(one)}
                    <ul className="dim small">
                      {one.series.map((series) => (
                        <li key={series.seriesUid}>
                          {series.modality}, {series.instances} {series.instances === 1 ? 'image' : 'images'}:{' '}
                          {seriesStateWords[series.state]}
                        </li>
                      ))}
                    </ul>
                  </li>
                ))}
              </ul>
            )}
            <div className="dialog-actions">
              <Button onClick={() => void pause(!isPaused)}>{isPaused ? 'Go on fetching' : 'Pause fetching'}</Button>
              <Button kind="quiet" onClick={() => setShown(false)}>
                Close
              </Button>
            </div>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
