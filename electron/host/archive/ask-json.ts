import { cleanDicomJson } from '../../../shared/interop/dicom-json/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { createRowCounter } from './count-rows.ts';
import { parseContentType } from './multipart.ts';
import type { ArchiveFailure, DicomJson } from './types.ts';
import type { Asking, Upstream } from './upstream.ts';

export const dicomJsonType = 'application/dicom+json';

/** An answer in whole bytes that nobody has read yet. */
export type JsonBytes = {
  readonly asking: Asking;
  readonly status: number;
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
};

/** Asks for a list of DICOM objects as JSON (PS3.18 F.2) and reads it whole, within the budgets of bytes, rows and time. */
export async function askBytes(
  upstream: Upstream,
  path: string,
  signal: AbortSignal,
): Promise<Result<JsonBytes, ArchiveFailure>> {
  const asking: Asking = { method: 'GET', path, accept: dicomJsonType, signal };
  const answered = await upstream.ask(asking);
  if (!answered.ok) return answered;
  const answer = answered.value;
  // Counted as they come, before one of a million is parsed on this thread.
  const count = createRowCounter();
  const bytes = await upstream.readAll(answer, asking, (chunk) => {
    const { rows } = upstream.limits;
    return count(chunk) <= rows
      ? null
      : upstream.failure(
          'too-large',
          asking,
          `more than ${rows} rows at once`,
          `The archive ${upstream.name} finds too much; ask for fewer days.`,
        );
  });
  if (!bytes.ok) return bytes;
  return ok({ asking, status: answer.status, contentType: answer.headers.get('content-type'), bytes: bytes.value });
}

/** The objects of such an answer; `not-dicomweb` where it is something else. */
export function rowsOf(upstream: Upstream, answer: JsonBytes): Result<readonly DicomJson[], ArchiveFailure> {
  const { asking, status, bytes } = answer;
  // PS3.18 8.5: no match may be 204 or 200 with an empty body.
  if (status === 204) return ok([]);
  const type = parseContentType(answer.contentType).type;
  const notDicomweb = (cameBack: string): Result<never, ArchiveFailure> =>
    err(
      upstream.failure(
        'not-dicomweb',
        asking,
        cameBack,
        `The archive ${upstream.name} answered with something that is not DICOMweb. Is the address right?`,
      ),
    );
  if (type !== dicomJsonType && type !== 'application/json')
    return notDicomweb(`${status} ${type === '' ? 'without a content type' : type}`);
  if (bytes.length === 0) return ok([]);
  const parsed = parseJson(bytes);
  if (parsed === undefined) return notDicomweb(`${status} ${type} that is not whole JSON (${bytes.length} bytes)`);
  if (!Array.isArray(parsed)) return notDicomweb(`${status} ${type} that is no list of DICOM objects`);
  const rows: DicomJson[] = [];
  for (const one of parsed as unknown[]) {
    const row = cleanDicomJson(one);
    if (!row.ok) return notDicomweb(`${status} ${type}: ${row.error.words}`);
    // An object without one DICOM tag is somebody else's JSON (FHIR, an error page of a gateway).
    if (Object.keys(row.value).length === 0 && Object.keys(one as object).length > 0)
      return notDicomweb(`${status} ${type} without DICOM elements`);
    rows.push(row.value);
  }
  return ok(rows);
}

/** Both in one. */
export async function askJson(
  upstream: Upstream,
  path: string,
  signal: AbortSignal,
): Promise<Result<readonly DicomJson[], ArchiveFailure>> {
  const answered = await askBytes(upstream, path, signal);
  return answered.ok ? rowsOf(upstream, answered.value) : answered;
}

/** Undefined where the bytes are no whole JSON in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
