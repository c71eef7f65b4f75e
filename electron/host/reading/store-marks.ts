import type { Failure, MarksStored } from '../../../shared/api/index.ts';
import type { CaseMarks } from '../../../shared/domain/measurement/index.ts';
import { claimStanding } from '../../../shared/domain/reading/index.ts';
import { parseInstanceUid, parseSeriesUid } from '../../../shared/domain/study/index.ts';
import type { DicomJson } from '../../../shared/interop/dicom-json/index.ts';
import {
  keyImagesToKos,
  type MarksDocument,
  measurementsToSr,
  uidFromDigest,
} from '../../../shared/interop/dicom-sr/index.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { writePart10 } from '../archive/part10/index.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import { sha256 } from '../digest.ts';
import type { LiveSession } from '../identity/types.ts';
import type { CaseFacts } from './case-book.ts';
import type { StudyBook } from './study-poll.ts';

type Parts = {
  readonly archive: Pick<ArchiveClient, 'name' | 'store' | 'instanceMetadata'>;
  readonly studies: Pick<StudyBook, 'instances'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly recordNow: () => Instant;
  readonly version: string;
  readonly demo: boolean;
};

const failure = (code: Failure['code'], message: string): Result<never, Failure> => err({ code, message });

/**
 * Puts the marks of a case into the archive beside its images: measurements as SR (TID 1500), key images as KOS. Documents of their own,
 * never part of a report: what is signed stays what it was, and no list of signed images holds them. Only marks on images that the
 * archive holds of this very study are written; the others are counted. The same marks are the same objects, however often they are sent.
 */
export async function storeMarks(
  parts: Parts,
  facts: CaseFacts,
  session: LiveSession,
  marks: CaseMarks,
): Promise<Result<MarksStored, Failure>> {
  const study = facts.seen?.study ?? null;
  if (study === null || study.archive !== parts.archive.name)
    return failure(
      'not-a-legal-move',
      'The archive holds no images of this study: there is nothing to put marks beside.',
    );
  if (
    claimStanding(facts.task, session.reader.id, facts.task.claim?.fencingToken ?? 0, parts.recordNow()) === 'another'
  )
    return failure(
      'held-by-another',
      `${facts.task.claim?.readerName ?? 'Another reader'} has this study now. Your marks stay in this window.`,
    );
  const known = await parts.studies.instances(study.studyUid);
  if ('code' in known) return failure('upstream-unreachable', `${known.message} Your marks are kept; try again.`);
  const there = new Map(known.list.map((one) => [one.instanceUid as string, one]));
  const isHere = ({ place }: { readonly place: CaseMarks['keyImages'][number]['place'] }): boolean => {
    const found = there.get(place.instanceUid);
    return (
      place.studyUid === study.studyUid &&
      found?.seriesUid === place.seriesUid &&
      place.frame <= Math.max(1, found.frames)
    );
  };
  const measurements = marks.measurements.filter(isHere);
  const keyImages = marks.keyImages.filter(isHere);
  const left = marks.measurements.length - measurements.length + (marks.keyImages.length - keyImages.length);
  const base = sha256(canonicalJson([facts.task.id, session.reader.id, measurements, keyImages] as never));
  const document = (
    what: 'sr' | 'kos',
    on: readonly { readonly place: { readonly instanceUid: string } }[],
  ): MarksDocument => ({
    sopInstanceUid: uidFromDigest(sha256(`marks-${what}|${base}`)),
    // One series for each kind of a reader's documents on this study, so that an archive does not show a series for each press.
    seriesUid: uidFromDigest(sha256(`marks-series-${what}|${study.studyUid}|${session.reader.id}`)),
    studyUid: study.studyUid,
    patient: study.patient,
    accession: study.accession,
    observer: session.reader.name,
    savedAt: parts.recordNow(),
    zone: facts.order?.site?.zone ?? 'UTC',
    softwareVersion: parts.version,
    evidence: known.list
      .filter((one) => on.some(({ place }) => place.instanceUid === one.instanceUid))
      .map(({ instanceUid, seriesUid, sopClassUid, frames }) => ({ instanceUid, seriesUid, sopClassUid, frames })),
    study: {
      studyDate: study.studyDate,
      studyTime: study.studyTime,
      description: study.description,
      referringPhysician: facts.order?.orderedBy?.name ?? null,
    },
    notForClinicalUse: parts.demo,
  });
  const noted = await parts.audit.record([
    {
      user: session.reader.userName,
      purpose: 'deliver',
      patient: study.patient.id,
      studyUid: study.studyUid,
      detail: 'measurements and key images to the archive',
    },
  ]);
  if (!noted.ok) return failure('audit-unavailable', noted.error.message);
  if (measurements.length > 0) {
    const of = document('sr', measurements);
    const sent = await send(
      parts,
      of,
      measurementsToSr(measurements, { ...of, procedure: facts.order?.procedure ?? null }),
    );
    if (!sent.ok) return sent;
  }
  if (keyImages.length > 0) {
    const of = document('kos', keyImages);
    const sent = await send(parts, of, keyImagesToKos(keyImages, of));
    if (!sent.ok) return sent;
  }
  return ok({ measurements: measurements.length, keyImages: keyImages.length, left });
}

/** Stored, and read back before it is called so. */
async function send(parts: Parts, of: MarksDocument, dataset: DicomJson): Promise<Result<void, Failure>> {
  const series = parseSeriesUid(of.seriesUid);
  const instance = parseInstanceUid(of.sopInstanceUid);
  if (!series.ok || !instance.ok) return failure('not-a-legal-move', 'The document could not be named.');
  const studyUid = of.studyUid as Parameters<ArchiveClient['instanceMetadata']>[0];
  const there = await parts.archive.instanceMetadata(studyUid, series.value, instance.value);
  if (there.ok) return ok(undefined);
  const stored = await parts.archive.store(writePart10(dataset));
  if (!stored.ok) return failure('upstream-unreachable', `${stored.error.message} Your marks are kept; try again.`);
  const back = await parts.archive.instanceMetadata(studyUid, series.value, instance.value);
  if (!back.ok && back.error.code !== 'not-found')
    return failure('upstream-unreachable', `${back.error.message} It was taken, and could not be read back.`);
  return ok(undefined);
}
