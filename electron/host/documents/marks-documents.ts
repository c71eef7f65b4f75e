import type { CaseMarks, ImageMeasurement, KeyImage } from '../../../shared/domain/measurement/index.ts';
import { whyMarksStay } from '../../../shared/domain/prior/index.ts';
import { isUid, type PatientIdentity, type Study, type StudyUid } from '../../../shared/domain/study/index.ts';
import { marksToPresentation } from '../../../shared/interop/dicom-pr/index.ts';
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
import { sha256 } from '../digest.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import { presentationsOf } from './presentations.ts';

/** Marks of one case as they are to be filed, with everything that the documents say beside them. */
export type MarksToFile = {
  readonly taskId: string;
  readonly reader: { readonly id: string; readonly name: string; readonly userName: string };
  readonly study: Study;
  readonly referringPhysician: string | null;
  /** IANA zone of the site. */
  readonly zone: string;
  readonly procedure: { readonly system: string; readonly code: string; readonly display: string } | null;
  readonly marks: CaseMarks;
  readonly savedAt: Instant;
};

/** One object for the archive. Its bytes are made once; every attempt sends the same ones. */
export type MarksObject = {
  readonly what: 'sr' | 'kos' | 'gsps';
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopInstanceUid: string;
  /** Measurements or key images in it. */
  readonly marks: number;
  readonly patientId: string | null;
  /** Part 10, base64. */
  readonly part10: string;
};

/** Marks that are filed nowhere but in the words of the report. */
export type MarksLeft = { readonly count: number; readonly reason: string };

export type MarksObjects = { readonly objects: readonly MarksObject[]; readonly left: readonly MarksLeft[] };

export type MarksParts = {
  readonly archive: Pick<ArchiveClient, 'name' | 'searchStudies' | 'instanceMetadata'>;
  readonly studies: Pick<StudyBook, 'instances'>;
  /** Of this program, as documents name it. */
  readonly version: string;
  readonly demo: boolean;
};

/**
 * The documents of a case's marks: an SR (TID 1500) and a KOS for each study that was marked, each under the identity that the archive
 * holds of that very study and never another. Marks on images that the study does not hold, and on priors of another number, are left.
 * The same marks are the same objects, however often they are made. An archive that cannot be asked now is an error in words.
 */
export async function marksObjects(parts: MarksParts, of: MarksToFile): Promise<Result<MarksObjects, string>> {
  const objects: MarksObject[] = [];
  const left: MarksLeft[] = [];
  const all = [...of.marks.measurements, ...of.marks.keyImages];
  const studyUids = [...new Set(all.map((one) => one.place.studyUid))].sort();
  for (const studyUid of studyUids) {
    const measurements = of.marks.measurements.filter((one) => one.place.studyUid === studyUid);
    const keyImages = of.marks.keyImages.filter((one) => one.place.studyUid === studyUid);
    const leave = (reason: string): void => {
      left.push({ count: measurements.length + keyImages.length, reason });
    };
    if (!isUid(studyUid)) {
      leave('they name no study');
      continue;
    }
    const found = await studyOf(parts, of, studyUid as StudyUid);
    if (!found.ok) return found;
    if ('stays' in found.value) {
      leave(found.value.stays);
      continue;
    }
    const made = await ofStudy(parts, of, found.value.study, { measurements, keyImages });
    if (!made.ok) return made;
    objects.push(...made.value.objects);
    left.push(...made.value.left);
  }
  return ok({ objects, left: together(left) });
}

async function studyOf(
  parts: MarksParts,
  of: MarksToFile,
  studyUid: StudyUid,
): Promise<Result<{ readonly study: Study } | { readonly stays: string }, string>> {
  if (studyUid === of.study.studyUid) return ok({ study: of.study });
  const found = await parts.archive.searchStudies({ studyUid });
  if (!found.ok)
    return found.error.code === 'ambiguous-patient'
      ? ok({ stays: 'that study names two patients' })
      : err(found.error.message);
  const [prior] = found.value;
  if (prior === undefined) return ok({ stays: 'the archive does not hold that study' });
  const stays = whyMarksStay(identityOf(of.study), identityOf(prior));
  return ok(stays === null ? { study: prior } : { stays });
}

function identityOf({ patient }: Study): PatientIdentity {
  return patient;
}

async function ofStudy(
  parts: MarksParts,
  of: MarksToFile,
  study: Study,
  marks: { readonly measurements: readonly ImageMeasurement[]; readonly keyImages: readonly KeyImage[] },
): Promise<Result<MarksObjects, string>> {
  const known = await parts.studies.instances(study.studyUid);
  if ('code' in known) return err(known.message);
  const there = new Map(known.list.map((one) => [one.instanceUid as string, one]));
  const isHere = ({ place }: KeyImage): boolean => {
    const found = there.get(place.instanceUid);
    return found?.seriesUid === place.seriesUid && place.frame <= Math.max(1, found.frames);
  };
  const measurements = marks.measurements.filter(isHere);
  const keyImages = marks.keyImages.filter(isHere);
  const missing = marks.measurements.length - measurements.length + (marks.keyImages.length - keyImages.length);
  const own = study.studyUid === of.study.studyUid;
  // The case's own study keeps the names that its documents have always had.
  const named = own
    ? [of.taskId, of.reader.id, measurements, keyImages]
    : [of.taskId, of.reader.id, measurements, keyImages, study.studyUid];
  const base = sha256(canonicalJson(named as never));
  const document = (
    what: MarksObject['what'],
    on: readonly { readonly place: KeyImage['place'] }[],
  ): MarksDocument => ({
    sopInstanceUid: uidFromDigest(sha256(`marks-${what}|${base}`)),
    // One series for each kind of a reader's documents on a study, so that an archive does not show a series for each press.
    seriesUid: uidFromDigest(sha256(`marks-series-${what}|${study.studyUid}|${of.reader.id}`)),
    studyUid: study.studyUid,
    patient: study.patient,
    accession: study.accession,
    observer: of.reader.name,
    savedAt: of.savedAt,
    zone: of.zone,
    softwareVersion: parts.version,
    evidence: known.list
      .filter((one) => on.some(({ place }) => place.instanceUid === one.instanceUid))
      .map(({ instanceUid, seriesUid, sopClassUid, frames }) => ({ instanceUid, seriesUid, sopClassUid, frames })),
    study: {
      studyDate: study.studyDate,
      studyTime: study.studyTime,
      description: study.description,
      referringPhysician: own ? of.referringPhysician : null,
    },
    notForClinicalUse: parts.demo,
  });
  const objects: MarksObject[] = [];
  const add = (
    what: MarksObject['what'],
    facts: MarksDocument,
    dataset: Parameters<typeof writePart10>[0],
    count: number,
  ) => {
    objects.push({
      what,
      studyUid: study.studyUid,
      seriesUid: facts.seriesUid,
      sopInstanceUid: facts.sopInstanceUid,
      marks: count,
      patientId: study.patient.id,
      part10: Buffer.from(writePart10(dataset)).toString('base64'),
    });
  };
  if (measurements.length > 0) {
    const facts = document('sr', measurements);
    const procedure = own ? of.procedure : null;
    add('sr', facts, measurementsToSr(measurements, { ...facts, procedure }), measurements.length);
  }
  if (keyImages.length > 0) {
    const facts = document('kos', keyImages);
    add('kos', facts, keyImagesToKos(keyImages, facts), keyImages.length);
  }
  const states = await presentationsOf(parts.archive, study.studyUid, measurements, known.list);
  if (!states.ok) return err(states.error);
  for (const { key, images, marks: drawn } of states.value.states) {
    const facts = document('gsps', drawn);
    const named = { ...facts, sopInstanceUid: uidFromDigest(sha256(`marks-gsps-${key}|${base}`)) };
    add('gsps', named, marksToPresentation(drawn, images, named), drawn.length);
  }
  const left = missing === 0 ? [] : [{ count: missing, reason: 'the archive does not hold those images' }];
  return ok({ objects, left });
}

/** The same reason is said once. */
function together(left: readonly MarksLeft[]): readonly MarksLeft[] {
  const counts = new Map<string, number>();
  for (const { reason, count } of left) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts].map(([reason, count]) => ({ count, reason }));
}
