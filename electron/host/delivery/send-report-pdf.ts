import { parseInstanceUid, parseSeriesUid, parseStudyUid } from '../../../shared/domain/study/index.ts';
import { encapsulatedDocument } from '../archive/index.ts';
import type { ArchiveClient, ArchiveFailure } from '../archive/types.ts';
import type { Ports } from '../ports.ts';
import type { Attempt, ChannelSender } from './outbox.ts';
import { pdfDigest } from './report-pdf-objects.ts';
import type { HeldVersion } from './signed-store.ts';
import type { StoredObject } from './stored-object.ts';

/**
 * The signed PDF into the archive (DICOM Encapsulated PDF by STOW-RS), proven by reading the whole object back: that the archive lists it
 * says nothing of the pages in it. A withdrawal's own PDF goes first, then the note by which viewers show the earlier ones no more.
 */
export function createPdfSender(parts: {
  readonly archive: Pick<ArchiveClient, 'object' | 'instanceMetadata' | 'store'>;
  readonly onFailure: (found: ArchiveFailure) => Attempt;
  readonly ports: Pick<Ports, 'step'>;
  readonly short: (digest: string) => string;
}): ChannelSender {
  const { archive, ports, short } = parts;

  const uidsOf = (held: HeldVersion, object: StoredObject) => {
    const study = parseStudyUid(held.signed.content.studyUid);
    const series = parseSeriesUid(object.seriesUid);
    const instance = parseInstanceUid(object.instanceUid);
    return study.ok && series.ok && instance.ok ? ([study.value, series.value, instance.value] as const) : null;
  };
  const bytesOf = (object: StoredObject): Uint8Array => new Uint8Array(Buffer.from(object.bytes, 'base64'));

  const sendDocument = async (held: HeldVersion, object: StoredObject & { readonly digest: string }) => {
    const uids = uidsOf(held, object);
    if (uids === null) return { kind: 'refused', proof: 'The study’s UID is no UID.' } as const;
    const compare = (part10: Uint8Array): Attempt => {
      const read = encapsulatedDocument(part10);
      const found = read === null ? null : pdfDigest(read.json, read.document);
      return found === object.digest
        ? { kind: 'filed', proof: `PDF stored, read back, digest equal ${short(object.digest)}` }
        : {
            kind: 'refused',
            proof: `The archive gives back another PDF than was stored (${found === null ? 'no document' : short(found)}, expected ${short(object.digest)}).`,
          };
    };
    const read = await archive.object(...uids);
    if (read.ok) return compare(read.value);
    if (read.error.code !== 'not-found') return parts.onFailure(read.error);
    ports.step?.('pdf-store');
    const stored = await archive.store(bytesOf(object));
    if (!stored.ok) return parts.onFailure(stored.error);
    ports.step?.('pdf-stored');
    const back = await archive.object(...uids);
    if (back.ok) return compare(back.value);
    return back.error.code === 'not-found'
      ? ({ kind: 'accepted', proof: 'PDF stored, not yet readable.' } as const)
      : parts.onFailure(back.error);
  };

  const sendNote = async (held: HeldVersion, note: StoredObject): Promise<Attempt | null> => {
    const uids = uidsOf(held, note);
    if (uids === null) return { kind: 'refused', proof: 'The note’s UID is no UID.' };
    const read = await archive.instanceMetadata(...uids);
    if (read.ok) return null;
    if (read.error.code !== 'not-found') return parts.onFailure(read.error);
    ports.step?.('pdf-rejection-store');
    const stored = await archive.store(bytesOf(note));
    if (!stored.ok) return parts.onFailure(stored.error);
    const back = await archive.instanceMetadata(...uids);
    if (back.ok) return null;
    return back.error.code === 'not-found'
      ? { kind: 'accepted', proof: 'The note that withdraws the earlier PDFs is stored, not yet readable.' }
      : parts.onFailure(back.error);
  };

  return async (held) => {
    const { reportPdf } = held.signed;
    if (reportPdf === undefined)
      return { kind: 'refused', proof: 'This report was signed while the site wanted no PDF in its archive.' };
    const document = await sendDocument(held, reportPdf.object);
    if (document.kind !== 'filed' || reportPdf.rejection === undefined) return document;
    return (await sendNote(held, reportPdf.rejection)) ?? document;
  };
}
