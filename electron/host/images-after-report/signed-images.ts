import type {
  ListedImage,
  PresentImages,
  SeriesName,
  SignedImages,
  SignedReport,
} from '../../../shared/domain/images-after-report/index.ts';
import type { Person } from '../../../shared/domain/question/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { text as firstText, number, tags, wholeText } from '../../../shared/interop/dicom-json/index.ts';
import { signedImagesFromFhir, signedImagesToFhir } from '../../../shared/interop/fhir/index.ts';
import type { ArchiveClient } from '../archive/types.ts';
import { srUids } from '../delivery/forms.ts';
import type { SignedStore } from '../delivery/signed-store.ts';
import { sha256 } from '../digest.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import type { RecordClient } from '../record/types.ts';

/** The version of a report that is released, what its signature covers, and who gave it. */
export type ReleasedVersion = {
  readonly report: SignedReport;
  readonly signer: Person;
  readonly images: SignedImages;
  /** UIDs of the structured reports that we made of any of its versions. */
  readonly ours: ReadonlySet<string>;
};

/** What both sides of a comparison are made of. Null: it cannot be known now; nothing may be concluded from that. */
export type ImagesRoom = {
  /** `present` is what the archive holds now: what is known of a version is kept from it when the version is first looked at. */
  released(facts: CaseFacts, present: Omit<PresentImages, 'ours'>): Promise<ReleasedVersion | null>;
  present(studyUid: StudyUid): Promise<Omit<PresentImages, 'ours'> | null>;
};

export function createImagesRoom(parts: {
  readonly record: Pick<RecordClient, 'read' | 'put'>;
  readonly archive: Pick<ArchiveClient, 'describeSeries'>;
  readonly studies: Pick<StudyBook, 'instances'>;
  readonly reports: Pick<ReportBook, 'of'>;
  readonly signed: Pick<SignedStore, 'ofTask'>;
}): ImagesRoom {
  const { record, archive, studies, reports } = parts;

  const knownOf = async (
    facts: CaseFacts,
    digest: string,
    covered: ReadonlySet<string>,
    present: Omit<PresentImages, 'ours'>,
  ): Promise<SignedImages['known'] | null> => {
    const id = deriveId('images-signed', [digest], sha256);
    const there = await record.read('ImagingStudy', id);
    if (there.ok) return signedImagesFromFhir(there.value.resource, digest) ?? { images: [], series: [] };
    if (there.error.code !== 'not-found') return null;
    // The first look comes seconds after the release, which has just compared the two: what is there now is what was signed.
    const known = { images: present.images.filter((one) => covered.has(one.instanceUid)), series: present.series };
    const written = await record.put(
      signedImagesToFhir(known, {
        id,
        digest,
        studyUid: facts.task.studyUid ?? '',
        patientReference: facts.order?.patientReference ?? null,
      }),
    );
    // A record that does not take it costs the names of what goes later, never the comparison.
    return written.ok || written.error.code === 'refused' ? known : null;
  };

  return {
    released: async (facts, present) => {
      const { released } = facts.task;
      if (released === null) return null;
      const { versions } = await reports.of(facts.task.id);
      const version = versions.find((one) => one.digest === released.digest && one.returned === null);
      // Its signature is still on its way to the record: another host signed it.
      if (version === undefined) return null;
      const { content } = version;
      const known = await knownOf(facts, released.digest, new Set(content.instances), present);
      if (known === null) return null;
      return {
        report: { id: content.reportId, version: content.version, digest: released.digest },
        signer: { id: content.signer.id, name: content.signer.name },
        images: { uids: content.instances, known },
        ours: new Set([
          ...versions.map((one) => srUids(one.digest, content.reportId).sopInstanceUid),
          ...parts.signed.ofTask(facts.task.id).map((one) => one.signed.srInstanceUid),
        ]),
      };
    },
    present: async (studyUid) => {
      const found = await studies.instances(studyUid);
      if ('code' in found || !found.fresh) return null;
      const images: readonly ListedImage[] = found.list;
      const { rejected, aside } = found;
      if (images.length === 0) return { images, series: [], rejected, aside };
      const rows = await archive.describeSeries(studyUid);
      if (!rows.ok) return null;
      const series = rows.value.flatMap((row): SeriesName[] => {
        const seriesUid = firstText(row, tags.SeriesInstanceUID);
        if (seriesUid === null) return [];
        return [
          {
            seriesUid,
            modality: firstText(row, tags.Modality) ?? '',
            description: (wholeText(row, tags.SeriesDescription) ?? '').slice(0, 200),
            number: number(row, tags.SeriesNumber),
          },
        ];
      });
      return { images, series, rejected, aside };
    },
  };
}
