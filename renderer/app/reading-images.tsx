import { lazy, type Ref, Suspense, useEffect, useMemo, useState } from 'react';
import type { CaseDetail } from '../../shared/api/index.ts';
import type { CaseStore } from '../case/index.ts';
import { screenMillimetre } from '../features/display/index.ts';
import type { KeptView, ViewerHandle } from '../features/viewer/index.ts';
import type { HostClient } from '../host/index.ts';
import type { Imaging } from '../imaging/index.ts';
import { Button, Message } from '../ui/index.ts';
import type { ImagingSlot } from './imaging-slot.ts';
import { shownInterval } from './interval-words.ts';
import { saveMarks } from './save-marks.ts';

const Viewer = lazy(async () => ({ default: (await import('../features/viewer/index.ts')).Viewer }));

/** Makes the drawing engine where needed and hands the viewer what belongs to the open case, and nothing else. */
export function ReadingImages(props: {
  readonly slot: ImagingSlot;
  readonly caseStore: CaseStore;
  readonly host: Pick<HostClient, 'call'>;
  readonly detail: CaseDetail;
  readonly onActivity: () => void;
  readonly kept: KeptView | null;
  readonly viewer: Ref<ViewerHandle>;
}) {
  const { slot, caseStore, detail, host } = props;
  const { epoch } = detail.context;
  const [imaging, setImaging] = useState<Imaging | null>(() => slot.peek());
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (attempt < 0) return;
    let here = true;
    setFailed(false);
    slot.get().then(
      (made) => here && setImaging(made),
      () => here && setFailed(true),
    );
    return () => {
      here = false;
    };
  }, [slot, attempt]);

  useEffect(() => () => slot.peek()?.closeCase(epoch), [slot, epoch]);

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
  if (imaging === null) return <Message form="block" tone="tell" title="Starting the image viewer…" />;
  return (
    <Suspense fallback={<Message form="block" tone="tell" title="Starting the image viewer…" />}>
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
        ref={props.viewer}
        marks={caseStore.marks}
        onSaveMarks={() => saveMarks(host, caseStore, detail.context)}
        onCommand={caseStore.onCommand}
        onActivity={props.onActivity}
        onMeasurement={(measurement, at) => caseStore.publish({ type: 'measurement', measurement, epoch: at })}
        onComparisonOpened={(studyUid, at) => caseStore.publish({ type: 'comparison-opened', studyUid, epoch: at })}
        onProgress={(ready, total, at) => caseStore.publish({ type: 'images-progress', ready, total, epoch: at })}
        onTrouble={(words, at) => caseStore.publish({ type: 'images-trouble', words, epoch: at })}
      />
    </Suspense>
  );
}
