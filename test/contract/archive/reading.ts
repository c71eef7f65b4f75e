import { boundaryOf, createMultipartReader, parseContentType } from '../../../electron/host/archive/multipart.ts';

export const wholeObjects = 'multipart/related; type="application/dicom"; transfer-syntax=*';
export const frameBytes = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

export type ReadPart = { readonly contentType: string; readonly bytes: Uint8Array };

/** Every part of a multipart answer; throws where the closing boundary is missing. */
export async function partsOf(response: Response): Promise<readonly ReadPart[]> {
  const boundary = boundaryOf(parseContentType(response.headers.get('content-type')));
  if (boundary === null) throw new Error(`no multipart answer: ${response.status} ${await response.text()}`);
  const parts: ReadPart[] = [];
  let contentType = '';
  let pieces: Uint8Array[] = [];
  const reader = createMultipartReader(boundary, {
    partStart: (headers) => {
      contentType = headers.contentType;
      pieces = [];
    },
    partData: (bytes) => void pieces.push(Uint8Array.from(bytes)),
    partEnd: () => void parts.push({ contentType, bytes: Buffer.concat(pieces) }),
  });
  for await (const chunk of response.body ?? []) {
    const read = reader.push(chunk);
    if (!read.ok) throw new Error(read.error.message);
  }
  const finished = reader.finish();
  if (!finished.ok) throw new Error(finished.error.message);
  return parts;
}

export function living(): { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal };
}
