import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { afterFirstImage, besideImages, paced } from '../paces.ts';
import type { Ports } from '../ports.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import type { OpenCase, OpenCases } from './open-cases.ts';

/** How often the images are waited for: some ten seconds, then the list is asked for beside them. */
const mostWaits = 40;

/**
 * Asks for the list of instances that a signature would cover soon after a case was opened, so that it is known should the archive fall
 * silent; not while images stream to a page, because an archive that reads each object for that list (Orthanc 1.10: half a second for
 * 300) held them up by as much; and not for a case that was closed meanwhile.
 */
export function listEarly(
  openCases: Pick<OpenCases, 'find' | 'streaming'>,
  studies: Pick<StudyBook, 'instances'>,
  ports: Pick<Ports, 'pace'>,
): (opened: OpenCase, studyUid: StudyUid) => void {
  const later = (work: () => void, pace: string, usual: number): void =>
    void setTimeout(work, paced(ports, pace, usual)).unref();
  return (opened, studyUid) => {
    let waits = 0;
    const look = (): void => {
      if (openCases.find(opened.token, opened.taskId, opened.epoch) !== opened) return;
      if (openCases.streaming() > 0 && waits < mostWaits) {
        waits += 1;
        later(look, 'instances-beside-images', besideImages);
      } else void studies.instances(studyUid).catch(() => undefined);
    };
    later(look, 'instances-after-opening', afterFirstImage);
  };
}
