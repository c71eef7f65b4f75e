import { type Ref, useEffect, useMemo, useState } from 'react';
import type { CaseDetail } from '../../shared/api/index.ts';
import { screenMillimetre } from '../features/display/index.ts';
import type { KeptView, ViewerHandle, ViewerProps } from '../features/viewer/index.ts';
import { Button, Message } from '../ui/index.ts';
import type { ImageRoom, ImagingSlot } from './imaging-slot.ts';
import { shownInterval } from './interval-words.ts';

/** What the images tell and take: of the case store in the reading window, of the line to it in an image window. */
export type ImagesPorts = Pick<
  ViewerProps,
  | 'marks'
  | 'coverage'
  | 'screens'
  | 'stages'
  | 'onSaveMarks'
  | 'onCommand'
  | 'onImage'
  | 'onActivity'
  | 'onMeasurement'
  | 'onComparisonOpened'
  | 'onProgress'
  | 'onTrouble'
>;

/** Makes the drawing engine where needed and hands the viewer what belongs to the open case, and nothing else. */
export function ReadingImages(props: {
  readonly slot: ImagingSlot;
  readonly detail: CaseDetail;
  readonly ports: ImagesPorts;
  readonly kept: KeptView | null;
  readonly viewer?: Ref<ViewerHandle>;
}) {
  const { slot, detail } = props;
  const { epoch } = detail.context;
  const [room, setRoom] = useState<ImageRoom | null>(() => slot.peek());
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (attempt < 0) return;
    let here = true;
    setFailed(false);
    slot.get().then(
      (made) => here && setRoom(made),
      () => here && setFailed(true),
    );
    return () => {
      here = false;
    };
  }, [slot, attempt]);

  useEffect(() => () => slot.peek()?.imaging.closeCase(epoch), [slot, epoch]);

  const study = useMemo(
    () => (detail.study === null ? null : { archive: detail.study.archive, studyUid: detail.study.studyUid }),
    [detail.study],
  );
  const priors = useMemo(
    () =>
      detail.priors.map((prior) => ({
        archive: prior.study.archive,
        studyUid: prior.study.studyUid,
        label: prior.linked ?? shownInterval(prior.study.studyDate, detail.study?.studyDate ?? detail.row.studyDate),
        linked: prior.linked !== undefined,
        listed: {
          modalities: prior.study.modalities,
          bodyPart: prior.study.bodyPart ?? '',
          description: prior.study.description,
        },
      })),
    [detail.priors, detail.study, detail.row.studyDate],
  );

  if (failed) {
    return (
      <Message
        form="block"
        tone="ask"
        title="The image viewer could not be started."
        action={<Button onClick={() => setAttempt((count) => count + 1)}>Try again</Button>}
      >
        Its program was asked for and did not come, or this machine cannot draw. The order and the report are here and
        work.
      </Message>
    );
  }
  if (room === null) return <Message form="block" tone="tell" title="Starting the image viewer…" />;
  const { imaging, Viewer } = room;
  return (
    <Viewer
      context={detail.context}
      study={study}
      priors={priors}
      imaging={imaging}
      windows={slot.windows}
      screenMillimetre={screenMillimetre}
      rules={slot.rules}
      siteId={detail.order?.site?.id ?? detail.row.site?.id ?? null}
      kept={props.kept}
      {...(props.viewer === undefined ? {} : { ref: props.viewer })}
      {...props.ports}
    />
  );
}
