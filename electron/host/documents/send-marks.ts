import { parseInstanceUid, parseSeriesUid, parseStudyUid } from '../../../shared/domain/study/index.ts';
import { type ArchiveClient, isOfTheMoment } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { MarksObject } from './marks-documents.ts';

/** What came of sending one object. `wait`: nothing is decided; the same bytes go again. `refused`: they never will be taken. */
export type Sent =
  | { readonly kind: 'saved' }
  | { readonly kind: 'wait'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

const sentWords: { readonly [What in MarksObject['what']]: string } = {
  sr: 'measurements',
  kos: 'key images',
  gsps: 'a presentation state of marks',
};

/** Stores one object and reads it back before it is called so. One that is there already is not sent again. */
export async function sendMarks(
  parts: {
    readonly archive: Pick<ArchiveClient, 'store' | 'instanceMetadata'>;
    readonly audit: Pick<AuditLog, 'record'>;
    /** Told between the archive's word and the journal's. */
    readonly step?: ((name: string) => void) | undefined;
  },
  object: MarksObject,
  userName: string,
): Promise<Sent> {
  const study = parseStudyUid(object.studyUid);
  const series = parseSeriesUid(object.seriesUid);
  const instance = parseInstanceUid(object.sopInstanceUid);
  if (!study.ok || !series.ok || !instance.ok) return { kind: 'refused', why: 'The document could not be named.' };
  const there = await parts.archive.instanceMetadata(study.value, series.value, instance.value);
  if (there.ok) return { kind: 'saved' };
  const noted = await parts.audit.record([
    {
      user: userName,
      purpose: 'deliver',
      patient: object.patientId,
      studyUid: object.studyUid,
      detail: `${sentWords[object.what]} to the archive`,
    },
  ]);
  if (!noted.ok) return { kind: 'wait', why: noted.error.message };
  const stored = await parts.archive.store(new Uint8Array(Buffer.from(object.part10, 'base64')));
  if (!stored.ok) {
    const { code, message, cameBack } = stored.error;
    return (code === 'refused' && !isOfTheMoment(stored.error)) || code === 'too-large'
      ? { kind: 'refused', why: `${message} (${cameBack})` }
      : { kind: 'wait', why: message };
  }
  parts.step?.('marks-stored');
  const back = await parts.archive.instanceMetadata(study.value, series.value, instance.value);
  if (back.ok) return { kind: 'saved' };
  return { kind: 'wait', why: `${back.error.message} It was taken, and could not be read back yet.` };
}
