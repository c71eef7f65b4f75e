import type { Brand } from '../../lib/brand.ts';

/** Study Instance UID (0020,000D), checked against the UID grammar (PS3.5 9.1) before it is branded. */
export type StudyUid = Brand<string, 'StudyUid'>;
/** SOP Instance UID (0008,0018). */
export type InstanceUid = Brand<string, 'InstanceUid'>;
/** Series Instance UID (0020,000E). */
export type SeriesUid = Brand<string, 'SeriesUid'>;
/** Accession Number (0008,0050), as the issuer wrote it. */
export type AccessionNumber = Brand<string, 'AccessionNumber'>;

/** M, F and O as in Patient's Sex (0010,0040); `null` is absent or unknown. */
export type Sex = 'M' | 'F' | 'O';

/** Who a study or an order says the patient is. Texts are as received; comparing them is `compareIdentity`'s work. */
export type PatientIdentity = {
  /** Patient ID (0010,0020) or Patient.identifier.value; null when absent. */
  readonly id: string | null;
  /** Issuer of Patient ID (0010,0021) or identifier.assigner; null when absent. */
  readonly issuer: string | null;
  /** DICOM person name, groups `alphabetic=ideographic=phonetic`, components by `^` (PS3.5 6.2.1). Empty when absent. */
  readonly name: string;
  /** YYYY, YYYYMM or YYYYMMDD; null when absent. */
  readonly birthDate: string | null;
  readonly sex: Sex | null;
};

/** A number of a patient and who gave it: Patient ID with its issuer, or PID-3 with its assigning authority (HL7 v2.5.1, CX.1 and CX.4). */
export type PatientNumber = { readonly value: string; readonly issuer: string | null };

/** L and R as Laterality (0020,0060), B for both. */
export type Laterality = 'L' | 'R' | 'B';

/** One study as its archive describes it (QIDO-RS, PS3.18 10.6). */
export type Study = {
  /** Name of the archive that holds it, as the settings name it. */
  readonly archive: string;
  readonly studyUid: StudyUid;
  readonly patient: PatientIdentity;
  readonly accession: AccessionNumber | null;
  /** Modalities in Study (0008,0061) without SR, KO, PR, and without DOC beside images. */
  readonly modalities: readonly string[];
  /** True where objects about images (SR, KO, PR, and DOC beside images) are among the instances; absent where none is. */
  readonly withDocuments?: true;
  readonly description: string;
  readonly bodyPart: string | null;
  readonly laterality: Laterality | null;
  /** Study Date (0008,0020) YYYYMMDD and Study Time (0008,0030), as written; null when absent. */
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  /** Timezone Offset From UTC (0008,0201), as written; absent where the images name none. */
  readonly timezone?: string | null | undefined;
  /** Institution Name (0008,0080). */
  readonly institution: string | null;
  readonly seriesCount: number;
  readonly instanceCount: number;
  /** Other Patient Names (0010,1001) and Patient's Birth Name (0010,1005); absent where they were not asked for. */
  readonly otherNames?: readonly string[] | undefined;
  /** Other Patient IDs Sequence (0010,1002); absent where it was not asked for. */
  readonly otherIds?: readonly PatientNumber[] | undefined;
};
