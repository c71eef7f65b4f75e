import type { ExtractResource, Resource as FhirResource, ResourceType } from '@medplum/fhirtypes';
import type { Instant, Millis } from '../../../shared/lib/instant.ts';
import type { Result } from '../../../shared/lib/result.ts';

/** Why a call to the record failed. `message` says what was asked and what came back, in the user's words. */
export type RecordFailure = {
  readonly code:
    | 'not-found'
    | 'version-conflict'
    | 'refused'
    | 'unauthorised'
    | 'unreachable'
    | 'not-fhir'
    | 'too-large'
    | 'timeout';
  readonly asked: string;
  readonly cameBack: string;
  readonly message: string;
};

export type Versioned<Resource extends FhirResource = FhirResource> = {
  readonly resource: Resource;
  /** meta.versionId or the ETag's; what `If-Match` wants. */
  readonly version: string;
  readonly lastUpdated: Instant | null;
};

/** A place in the stream of changes of one resource type: the highest `_lastUpdated` seen, and the ids and versions seen at it. */
export type ChangeCursor = {
  readonly lastUpdated: string;
  readonly seen: readonly string[];
  /** When the whole overlap behind it was last read again, by the host's clock; absent before that. */
  readonly wholeAt?: Instant;
};

/**
 * The one FHIR R4 client (DESIGN 2.2): client-assigned ids with PUT, `If-Match`, token / reference / `_lastUpdated` search, paging
 * by key. It never sends DELETE, PATCH, transactions, `_include` or chained parameters, and never follows a link to another origin.
 */
export type RecordClient = {
  readonly name: string;
  read<Type extends ResourceType>(
    type: Type,
    id: string,
  ): Promise<Result<Versioned<ExtractResource<Type>>, RecordFailure>>;
  /** PUT by id. With `ifMatch`, a stale version is `version-conflict`; the caller then reads and looks for its own token. */
  put<Resource extends FhirResource & { id?: string }>(
    resource: Resource,
    options?: { readonly ifMatch?: string },
  ): Promise<Result<Versioned<Resource>, RecordFailure>>;
  /** Every match, page by page by key, duplicates dropped by id and version. Parameters: token, reference, date. */
  search<Type extends ResourceType>(
    type: Type,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Result<readonly Versioned<ExtractResource<Type>>[], RecordFailure>>;
  /** What changed since the cursor (with an overlap re-read: seconds each time, two minutes twice a minute), oldest first; null cursor reads everything. */
  changes<Type extends ResourceType>(
    type: Type,
    cursor: ChangeCursor | null,
  ): Promise<
    Result<
      { readonly items: readonly Versioned<ExtractResource<Type>>[]; readonly cursor: ChangeCursor | null },
      RecordFailure
    >
  >;
  /**
   * The same, handed on page by page, so that millions fill no memory. `take` is told the cursor up to which everything has been handed on
   * once it has taken this page (null where that is not known), and answers false to end the reading there; what it was given once more
   * after a restart it must know again by id. The answer's cursor is there when everything was read.
   */
  changesByPage<Type extends ResourceType>(
    type: Type,
    cursor: ChangeCursor | null,
    take: (items: readonly Versioned<ExtractResource<Type>>[], safe: ChangeCursor | null) => Promise<boolean>,
  ): Promise<
    Result<{ readonly whole: true; readonly cursor: ChangeCursor | null } | { readonly whole: false }, RecordFailure>
  >;
  /** Host clock minus the record's, from the `Date` headers of the last hour (least-delay sample where they disagree); null before the first. */
  skew(): Millis | null;
  /** The record's clock now, from the skew; the host's own while unknown. */
  recordNow(): Instant;
  /** Asks `/metadata`: is this a FHIR R4 server at all? */
  probe(): Promise<Result<{ readonly software: string; readonly fhirVersion: string }, RecordFailure>>;
};

export type { FhirResource };
