import type { InstanceUid, SeriesUid, Study, StudyUid } from '../../../shared/domain/study/index.ts';
import { isUid } from '../../../shared/domain/study/index.ts';
import { text as firstText, instanceFromQido, studyFromQido } from '../../../shared/interop/dicom-json/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { FetchHandler, Ports } from '../ports.ts';
import type { Credentials } from '../settings/types.ts';
import { askJson, dicomJsonType, parseJson } from './ask-json.ts';
import { hasControl } from './dicomweb-path.ts';
import type { FrameCache } from './frame-cache.ts';
import { closingBoundary, parseContentType, partHeader } from './multipart.ts';
import { createPass, type KeptPrint } from './pass.ts';
import { retrieveObject } from './retrieve-object.ts';
import { createSearch } from './search-pages.ts';
import { judgeStowAnswer, sopInstanceOf } from './stow.ts';
import type { ArchiveClient, ArchiveFailure, DicomJson, InstanceSummary } from './types.ts';
import { type ArchiveLimits, type Asking, createUpstream, defaultLimits, type Upstream } from './upstream.ts';

/** Beyond what a study search returns anyway (PS3.18 table 10.6.3-3): who, which exam, how many. */
/** (0008,0005) among them: without it some servers answer in Latin 1 and lose every other letter of a name. */
const studyFields = [
  '00080005',
  '00100021',
  '00081030',
  '00080080',
  '00080201',
  '00180015',
  '00200060',
  '00200010',
  '00201206',
  '00201208',
];
/** Asked for one person alone: archives that do not index them read files for each study. */
const personFields = [...studyFields, '00101001', '00101002', '00101005'];
const seriesFields = ['00080005', '00080060', '0008103E', '00180015', '00181030', '00200060', '00201209'];
const instanceFields = ['00080005', '00080060', '00280008', '00100020', '00100021', '00080016'];

export type ArchiveClientOptions = {
  readonly name: string;
  /** Base of the DICOMweb service; requests go below it and nowhere else. */
  readonly baseUrl: string;
  readonly fetch: FetchHandler;
  readonly credentials: Credentials;
  readonly ports: Ports;
  readonly cache?: FrameCache;
  /** Shared by clients of one archive over one cache: what one of them keeps ahead the other gives out. */
  readonly prints?: Map<string, KeptPrint>;
  readonly limits?: Partial<ArchiveLimits>;
};

/** The one DICOMweb client (PS3.18); the same for the embedded archive and for anybody else's. */
export function createArchiveClient(options: ArchiveClientOptions): ArchiveClient {
  const limits = { ...defaultLimits, ...options.limits };
  const upstream = createUpstream({ ...options, limits });
  const closing = new AbortController();
  const pass = createPass({
    upstream,
    ports: options.ports,
    cache: options.cache ?? null,
    prints: options.prints ?? new Map(),
    closing: closing.signal,
    listed: async (study, series) => {
      const rows = await pages(
        `/studies/${study}/series/${series}/instances`,
        [],
        [],
        (row) => firstText(row, '00080018') ?? '',
      );
      if (!rows.ok) return null;
      const uids = rows.value.map((row) => firstText(row, '00080018'));
      return uids.every((uid) => uid !== null && isUid(uid)) ? (uids as string[]) : null;
    },
  });
  const json = (path: string, signal = closing.signal): Promise<Result<readonly DicomJson[], ArchiveFailure>> =>
    askJson(upstream, path, signal);

  const { pages, pagesUnlessSame } = createSearch({
    upstream,
    name: options.name,
    ports: options.ports,
    closing: closing.signal,
  });
  function notOurs(path: string, message: string): Result<never, ArchiveFailure> {
    return err(
      upstream.failure('refused', { method: 'GET', path, accept: dicomJsonType }, 'nothing was asked', message),
    );
  }
  function badRow(path: string, words: string): Result<never, ArchiveFailure> {
    const asking: Asking = { method: 'GET', path, accept: dicomJsonType };
    return err(
      upstream.failure(
        'not-dicomweb',
        asking,
        words,
        `The archive ${options.name} answered with something that is not DICOMweb.`,
      ),
    );
  }
  function ambiguous(path: string, patients: number): Result<never, ArchiveFailure> {
    const asking: Asking = { method: 'GET', path, accept: dicomJsonType };
    const message = `The archive ${options.name} holds images of ${patients} patients under one study. It must not be read until the archive is put right.`;
    return err(upstream.failure('ambiguous-patient', asking, `${patients} patients`, message));
  }

  async function matching(
    filters: readonly (readonly [string, string])[],
    query: Parameters<ArchiveClient['searchStudies']>[0],
  ): Promise<Result<readonly Study[], ArchiveFailure>> {
    const rows = await pages('/studies', filters, studyFields, studyIdentity);
    return rows.ok ? ok(studiesOf(rows.value).filter((study) => isAsked(study, query))) : rows;
  }

  function studiesOf(rows: readonly DicomJson[]): readonly Study[] {
    const studies: Study[] = [];
    for (const row of rows) {
      const study = studyFromQido(row, options.name);
      // One bad row (Orthanc keeps a Study UID like `../../../etc`) must not take the list away.
      if (!study.ok) {
        options.ports.log.warn('a row of a study search was left out', {
          archive: options.name,
          reason: study.error.code,
        });
        continue;
      }
      studies.push(study.value);
    }
    return studies;
  }

  async function searchPerson(
    query: Parameters<ArchiveClient['searchPerson']>[0],
    budget: Parameters<ArchiveClient['searchPerson']>[1],
  ): ReturnType<ArchiveClient['searchPerson']> {
    const filters = [
      ['PatientID', query.patientId],
      ['PatientName', query.name],
      ['PatientBirthDate', query.birthDate],
      ['StudyInstanceUID', query.studyUid],
    ].flatMap(([key = '', value]): [string, string][] => (value === undefined ? [] : [[key, value]]));
    if (filters.length === 0) return notOurs('/studies', 'A search for a person names something of the person.');
    if (filters.some(([, value]) => value === '' || hasControl(value) || value.length > 256))
      return notOurs('/studies', 'A search value is empty, has control characters or is too long.');
    const signal = AbortSignal.any([budget.signal, closing.signal]);
    const ask = (asked: typeof filters): ReturnType<typeof pages> =>
      pages('/studies', asked, personFields, studyIdentity, { most: budget.most, signal });
    const exact = await ask(filters);
    if (!exact.ok) return exact;
    const softened = filters.map(([key, value]): [string, string] => [key, softer(key, value)]);
    const asItStands = exact.value.length > 0 || softened.every(([, value], at) => value === filters[at]?.[1]);
    const rows = asItStands ? exact : await ask(softened);
    if (!rows.ok) return rows;
    return ok({
      studies: studiesOf(rows.value.slice(0, budget.most)).filter((study) => isAsked(study, query)),
      cut: rows.value.length > budget.most,
    });
  }

  async function searchStudies(
    query: Parameters<ArchiveClient['searchStudies']>[0],
  ): Promise<Result<readonly Study[], ArchiveFailure>> {
    const filters: [string, string][] = [];
    if (query.dates !== undefined) {
      if (!/^\d{8}-\d{8}$/.test(query.dates)) return notOurs('/studies', 'A window of dates is YYYYMMDD-YYYYMMDD.');
      filters.push(['StudyDate', query.dates]);
    }
    if (query.patientId !== undefined) filters.push(['PatientID', query.patientId]);
    if (query.accession !== undefined) filters.push(['AccessionNumber', query.accession]);
    if (query.studyUid !== undefined) {
      if (!isUid(query.studyUid)) return notOurs('/studies', 'That is no Study Instance UID.');
      filters.push(['StudyInstanceUID', query.studyUid]);
    }
    if (filters.some(([, value]) => hasControl(value) || value.length > 256)) {
      return notOurs('/studies', 'A search value has control characters or is too long.');
    }
    const exact = await matching(filters, query);
    if (!exact.ok) return exact;
    const softened = filters.map(([name, value]): [string, string] => [name, softer(name, value)]);
    const asItStands = exact.value.length > 0 || softened.every(([, value], at) => value === filters[at]?.[1]);
    const found = asItStands ? exact : await matching(softened, query);
    if (!found.ok) return found;
    const studies = found.value;
    if (query.studyUid !== undefined && studies.length > 1) return ambiguous('/studies', studies.length);
    return ok(studies);
  }

  const searchDays: ArchiveClient['searchDays'] = async (dates, known) => {
    if (!/^\d{8}-\d{8}$/.test(dates)) return notOurs('/studies', 'A window of dates is YYYYMMDD-YYYYMMDD.');
    const found = await pagesUnlessSame('/studies', [['StudyDate', dates]], studyFields, studyIdentity, known);
    if (!found.ok) return found;
    const { rows, print } = found.value;
    const studies = rows === null ? null : studiesOf(rows).filter((study) => isAsked(study, { dates }));
    return ok({ studies, print });
  };

  return {
    name: options.name,
    searchStudies,
    searchDays,
    searchPerson,
    instances: async (study) => {
      if (!isUid(study)) return notOurs('/studies', 'That is no Study Instance UID.');
      const path = `/studies/${encodeURIComponent(study)}/instances`;
      const rows = await pages(path, [], instanceFields, (row) => `${patientKey(row)}|${firstText(row, '00080018')}`);
      if (!rows.ok) return rows;
      const patients = new Set(rows.value.map(patientKey));
      if (patients.size > 1) return ambiguous(path, patients.size);
      const found: InstanceSummary[] = [];
      for (const row of rows.value) {
        const instance = instanceFromQido(row);
        if (!instance.ok) return badRow(path, instance.error.words);
        found.push(instance.value);
      }
      return ok(found);
    },
    instanceMetadata: async (study: StudyUid, series: SeriesUid, instance: InstanceUid) => {
      if (!isUid(study) || !isUid(series) || !isUid(instance)) return notOurs('/studies', 'That is no UID.');
      const path = `/studies/${study}/series/${series}/instances/${instance}/metadata`;
      const rows = await json(path);
      if (!rows.ok) return rows;
      const found = rows.value.find(
        (row) => firstText(row, '00080018') === instance && firstText(row, '0020000D') === study,
      );
      if (found === undefined) return badRow(path, `${rows.value.length} instances, none of them the one asked for`);
      return ok(found);
    },
    object: async (study, series, instance) =>
      isUid(study) && isUid(series) && isUid(instance)
        ? retrieveObject(upstream, `/studies/${study}/series/${series}/instances/${instance}`, closing.signal)
        : notOurs('/studies', 'That is no UID.'),
    describeSeries: async (study) => {
      if (!isUid(study)) return notOurs('/studies', 'That is no Study Instance UID.');
      const rows = await pages(
        `/studies/${encodeURIComponent(study)}/series`,
        [],
        seriesFields,
        (row) => firstText(row, '0020000E') ?? '',
      );
      // Only the study that was asked for is believed; a server that leaves its UID out of a series row says no other.
      return rows.ok ? ok(rows.value.filter((row) => (firstText(row, '0020000D') ?? study) === study)) : rows;
    },
    sampleInstances: async (study, series, large) => {
      if (!isUid(study) || !isUid(series)) return notOurs('/studies', 'That is no UID.');
      const path = `/studies/${study}/series/${series}`;
      let asked = `${path}/metadata`;
      if (large) {
        const listed = await json(`${path}/instances?limit=1`);
        if (!listed.ok) return listed;
        const instance = listed.value
          .map((row) => firstText(row, '00080018'))
          .find((one) => one !== null && isUid(one));
        if (instance === undefined) return ok([]);
        asked = `${path}/instances/${instance}/metadata`;
      }
      const rows = await json(asked);
      return rows.ok
        ? ok(rows.value.filter((row) => firstText(row, '0020000D') === study && firstText(row, '0020000E') === series))
        : rows;
    },
    store: (part10) => store(upstream, options.ports, part10, closing.signal),
    pass,
    probe: async () => {
      const rows = await json('/studies?limit=1');
      return rows.ok ? ok(undefined) : rows;
    },
    close: async () => {
      closing.abort();
      await options.cache?.settled();
    },
  };
}

/**
 * Some servers compare search values without taking the percent-encoding off, and never find an identifier with a slash or a space. Asked
 * again with `?` for each such character (PS3.4 C.2.2.2.4) they find it, among others, and the others are left out by `isAsked`.
 */
function softer(name: string, value: string): string {
  return name === 'PatientID' || name === 'AccessionNumber' ? value.replaceAll(/[^A-Za-z0-9._-]/g, '?') : value;
}

function patientKey(row: DicomJson): string {
  return JSON.stringify([firstText(row, '00100020'), firstText(row, '00100021')]);
}

/** One Study UID of two patients is two rows, and must stay two. */
function studyIdentity(row: DicomJson): string {
  return `${firstText(row, '0020000D')}|${patientKey(row)}`;
}

/** A server may ignore a key that it does not know, or take `*` for a wildcard: only what was asked for is believed. */
function isAsked(
  study: Study,
  query: Pick<Parameters<ArchiveClient['searchStudies']>[0], 'dates' | 'patientId' | 'accession' | 'studyUid'>,
): boolean {
  if (query.studyUid !== undefined && study.studyUid !== query.studyUid) return false;
  if (query.patientId !== undefined && study.patient.id !== query.patientId.trim()) return false;
  if (query.accession !== undefined && study.accession !== query.accession.trim()) return false;
  if (query.dates !== undefined && study.studyDate !== null && /^\d{8}$/.test(study.studyDate)) {
    const [from = '', to = ''] = query.dates.split('-');
    if (study.studyDate < from || study.studyDate > to) return false;
  }
  return true;
}

async function store(
  upstream: Upstream,
  ports: Ports,
  part10: Uint8Array,
  signal: AbortSignal,
): ReturnType<ArchiveClient['store']> {
  const boundary = `overread-${ports.newId()}`;
  const asking: Asking = {
    method: 'POST',
    path: '/studies',
    accept: dicomJsonType,
    contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
    body: Buffer.concat([
      partHeader(boundary, { contentType: 'application/dicom', contentLength: part10.length }, true),
      part10,
      closingBoundary(boundary),
    ]),
    signal,
  };
  const sopInstance = sopInstanceOf(part10);
  if (sopInstance === null) {
    return err(
      upstream.failure(
        'refused',
        asking,
        'nothing was sent',
        'That is no DICOM Part 10 object with a SOP Instance UID.',
      ),
    );
  }
  const answered = await upstream.ask(asking);
  if (!answered.ok) return answered;
  const { status, headers } = answered.value;
  const bytes = await upstream.readAll(answered.value, asking);
  if (!bytes.ok) return bytes;
  const type = parseContentType(headers.get('content-type')).type;
  const parsed = type === dicomJsonType || type === 'application/json' ? parseJson(bytes.value) : undefined;
  const verdict = parsed === undefined ? err('not-dicom-json' as const) : judgeStowAnswer(parsed, sopInstance);
  if (!verdict.ok) {
    const message = `The archive ${upstream.name} did not say whether it stored the object.`;
    return err(upstream.failure('not-dicomweb', asking, `${status} ${type}`, message));
  }
  if (verdict.value.kind === 'refused') {
    // `299 agent "words"` (RFC 9111 5.5): the archive's own words, shortened and plain.
    const own = /^299 \S+ "([^"]{1,512})"/.exec(headers.get('warning') ?? '')?.[1]?.replaceAll(/[^ -~]/g, '?');
    const words = own === undefined ? '' : ` (${own})`;
    const message = `The archive ${upstream.name} did not store the object: ${verdict.value.reason}${words}.`;
    return err(upstream.failure('refused', asking, `${status}, ${verdict.value.reason}`, message));
  }
  return ok({ status, warning: verdict.value.warning });
}
