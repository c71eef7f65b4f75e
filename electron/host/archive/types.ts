import type { InstanceUid, SeriesUid, Study, StudyUid } from '../../../shared/domain/study/index.ts';
import type { Result } from '../../../shared/lib/result.ts';

export type ArchiveFailure = {
  readonly code:
    | 'not-found'
    | 'refused'
    | 'unauthorised'
    | 'unreachable'
    | 'not-dicomweb'
    | 'too-large'
    | 'timeout'
    | 'ambiguous-patient';
  readonly asked: string;
  readonly cameBack: string;
  readonly message: string;
};

/**
 * Whether a refusal is of the moment: 5xx is the server's own trouble, 408 and 429 its wish to be asked later (RFC 9110 15.5.9, RFC 6585 4). The
 * same bytes may be taken in a minute.
 */
export function isOfTheMoment({ code, cameBack }: Pick<ArchiveFailure, 'code' | 'cameBack'>): boolean {
  return code === 'refused' && /^(?:5\d\d|408|429)\b/.test(cameBack);
}

/** DICOM JSON (PS3.18 F.2) with a null prototype: `__proto__` in a hostile answer is a plain key that is dropped. */
export type DicomJson = {
  readonly [tag: string]: {
    readonly vr: string;
    readonly Value?: readonly unknown[];
    readonly InlineBinary?: string;
    readonly BulkDataURI?: string;
  };
};

export type InstanceSummary = {
  readonly instanceUid: InstanceUid;
  readonly seriesUid: SeriesUid;
  readonly sopClassUid: string;
  readonly modality: string;
  readonly frames: number;
};

/** What the pages of a search were: the digest of each with its status and type, and its rows. */
export type SearchPrint = readonly { readonly digest: string; readonly rows: number }[];

/**
 * The one DICOMweb client (PS3.18). URLs are built from the configured base and checked UIDs alone; RetrieveURL and redirects are
 * never followed, and credentials go to the configured origin only.
 */
export type ArchiveClient = {
  readonly name: string;
  /**
   * QIDO-RS studies (PS3.18 10.6), by study date window `YYYYMMDD-YYYYMMDD`, patient id, accession or UID; pages until one brings nothing
   * new. One study UID with two patients gives two rows in a list and `ambiguous-patient` when asked for by `studyUid`.
   */
  searchStudies(query: {
    readonly dates?: string;
    readonly patientId?: string;
    readonly accession?: string;
    readonly studyUid?: StudyUid;
  }): Promise<Result<readonly Study[], ArchiveFailure>>;
  /**
   * The same for a window of dates that is asked again and again: `studies` is null where the answer is byte for byte the one that
   * `known` was the print of, and nothing of it was read.
   */
  searchDays(
    dates: string,
    known: SearchPrint | null,
  ): Promise<Result<{ readonly studies: readonly Study[] | null; readonly print: SearchPrint }, ArchiveFailure>>;
  /**
   * Studies that may be of one person, with her other names and numbers: by id, by name (PS3.4 C.2.2.2.4, `*` and `?`) or birth date.
   * No row is believed for having been found. `cut` where more matched than `most`; ends with `signal`.
   */
  searchPerson(
    query: {
      readonly patientId?: string;
      readonly name?: string;
      readonly birthDate?: string;
      readonly studyUid?: StudyUid;
    },
    budget: { readonly most: number; readonly signal: AbortSignal },
  ): Promise<Result<{ readonly studies: readonly Study[]; readonly cut: boolean }, ArchiveFailure>>;
  /** Every instance of a study; what a signature covers. `ambiguous-patient` where they do not all name the same patient. */
  instances(study: StudyUid): Promise<Result<readonly InstanceSummary[], ArchiveFailure>>;
  /** WADO-RS instance metadata (PS3.18 10.4.1.1.2). */
  instanceMetadata(
    study: StudyUid,
    series: SeriesUid,
    instance: InstanceUid,
  ): Promise<Result<DicomJson, ArchiveFailure>>;
  /** WADO-RS of one instance, its Part 10 bytes whole in memory: for documents, never for images. */
  object(study: StudyUid, series: SeriesUid, instance: InstanceUid): Promise<Result<Uint8Array, ArchiveFailure>>;
  /** QIDO-RS series of a study, with what says which exam they are: modality, description, part, side, how many instances. */
  describeSeries(study: StudyUid): Promise<Result<readonly DicomJson[], ArchiveFailure>>;
  /** Metadata of some instances of a series: of all of a small one, of one of a large one (it is large by its own count). */
  sampleInstances(
    study: StudyUid,
    series: SeriesUid,
    large: boolean,
  ): Promise<Result<readonly DicomJson[], ArchiveFailure>>;
  /** STOW-RS (PS3.18 10.5), one Part 10 object. A 200 with the instance in FailedSOPSequence is `refused`. */
  store(
    part10: Uint8Array,
  ): Promise<Result<{ readonly status: number; readonly warning: string | null }, ArchiveFailure>>;
  /**
   * Passes a GET of the page on to the archive and streams the answer back (no copy through JSON), from the sealed cache where it
   * can. `path` begins at `/studies`; parts are counted and the closing boundary is required before anything is cached. Failures before
   * the first byte are an `ArchiveFailure` as JSON (400, 404, 409, 502, 504); later ones end the body in an error, so that a truncated
   * answer never looks complete. Cancelling the body or firing `signal` ends the request upstream. With `ahead` a series' metadata is kept
   * too, and given out of the cache for as long as the archive lists the series, its patient and its study, and tells of one of its images, as it did
   * then; of a series of few images it is not kept.
   */
  pass(
    path: string,
    accept: string,
    options: { readonly signal: AbortSignal; readonly range?: string; readonly ahead?: boolean },
  ): Promise<Response>;
  probe(): Promise<Result<void, ArchiveFailure>>;
  close(): Promise<void>;
};
