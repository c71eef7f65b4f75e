import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { boundaryOf, createMultipartReader, parseContentType } from './multipart.ts';
import { acceptObjects } from './pass.ts';
import type { ArchiveFailure } from './types.ts';
import type { Asking, Upstream } from './upstream.ts';

/** WADO-RS of one instance (PS3.18 10.4.1.1.1), whole in memory: for documents, not for images. `path` is built from checked UIDs. */
export async function retrieveObject(
  upstream: Upstream,
  path: string,
  signal: AbortSignal,
): Promise<Result<Uint8Array, ArchiveFailure>> {
  const asking: Asking = { method: 'GET', path, accept: acceptObjects, signal };
  const answered = await upstream.ask(asking);
  if (!answered.ok) return answered;
  const { status, headers } = answered.value;
  const bytes = await upstream.readAll(answered.value, asking);
  if (!bytes.ok) return bytes;
  const type = parseContentType(headers.get('content-type'));
  // PS3.18 8.7.3: one object may come alone.
  if (type.type === 'application/dicom') return ok(bytes.value);
  const notOne = (cameBack: string): Result<never, ArchiveFailure> =>
    err(
      upstream.failure(
        'not-dicomweb',
        asking,
        cameBack,
        `The archive ${upstream.name} answered with something else than one object.`,
      ),
    );
  const boundary = boundaryOf(type);
  if (boundary === null) return notOne(`${status} ${type.type === '' ? 'without a content type' : type.type}`);
  const pieces: Buffer[] = [];
  const reader = createMultipartReader(boundary, {
    partStart: () => undefined,
    // The bytes are good during the call alone.
    partData: (piece) => pieces.push(Buffer.from(piece)),
    partEnd: () => undefined,
  });
  const pushed = reader.push(bytes.value);
  const finished = pushed.ok ? reader.finish() : pushed;
  if (!finished.ok) return notOne(`${status}: ${finished.error.message}`);
  return finished.value.parts === 1 ? ok(Buffer.concat(pieces)) : notOne(`${finished.value.parts} objects`);
}
