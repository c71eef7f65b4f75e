import type { GatewayKind, GatewayRecipient } from '../../../../shared/domain/delivery/index.ts';
import { stateAfter } from '../../../../shared/domain/report/index.ts';
import { presentedBytes } from '../../../../shared/interop/fhir/index.ts';
import { stateTitle } from '../../../../shared/interop/report-sections.ts';
import { sha256 } from '../../digest.ts';
import type { HeldVersion } from '../signed-store.ts';

/** A sheet or a file of a job, in the order in which it is sent. */
export type JobDocument = { readonly name: string; readonly sha256: string; readonly bytes: Uint8Array };

/**
 * What is handed to a gateway: the job file and its documents. No patient stands in it but on the report itself. A job with an id that the
 * gateway knows is the same job: it must not be sent twice.
 */
export type GatewayJob = {
  readonly id: string;
  /** SHA-256 of the report's PDF; a status that names another is refused. */
  readonly sha256: string;
  readonly file: {
    readonly job: string;
    readonly kind: GatewayKind;
    readonly to: { readonly name: string; readonly address: string };
    /** "Preliminary report", "Corrected final report": for the subject of a mail and the gateway's own list. */
    readonly title: string;
    readonly version: number;
    readonly sha256: string;
    /** The job of the version before: what of it still waits in the gateway is not to be sent any more. */
    readonly replaces: string | null;
    readonly documents: readonly { readonly name: string; readonly sha256: string }[];
  };
  readonly documents: readonly JobDocument[];
};

/** The same for every attempt; another one after a person has put a refused job back, who has decided that it is to be sent again. */
export function jobId(channel: GatewayKind, digest: string, again = 0): string {
  const base = `OVR${sha256(`gateway|${channel}|${digest}`).slice(0, 24).toUpperCase()}`;
  return again === 0 ? base : `${base}-${again + 1}`;
}

/** The report's PDF as it was signed; null where a version has none. */
export function reportDocument(held: HeldVersion): Uint8Array | null {
  const pdf = presentedBytes(held.signed.diagnosticReport).find((one) => one.contentType === 'application/pdf');
  return pdf === undefined ? null : new Uint8Array(Buffer.from(pdf.data, 'base64'));
}

/** `cover` stands before the report on paper; mail has none. */
export function gatewayJob(parts: {
  readonly id: string;
  readonly kind: GatewayKind;
  readonly held: HeldVersion;
  readonly to: GatewayRecipient;
  readonly report: Uint8Array;
  readonly cover: Uint8Array | null;
}): GatewayJob {
  const { id, kind, held, to, report, cover } = parts;
  const { content } = held.signed;
  const documents: JobDocument[] = [
    ...(cover === null ? [] : [{ name: '1-cover.pdf', sha256: sha256(cover), bytes: cover }]),
    { name: cover === null ? 'report.pdf' : '2-report.pdf', sha256: sha256(report), bytes: report },
  ];
  return {
    id,
    sha256: sha256(report),
    documents,
    file: {
      job: id,
      kind,
      to: { name: to.name, address: to.address },
      title: stateTitle(stateAfter(content.kind) as Parameters<typeof stateTitle>[0]),
      version: content.version,
      sha256: sha256(report),
      replaces: content.parentDigest === null ? null : jobId(kind, content.parentDigest),
      documents: documents.map(({ name, sha256: digestOf }) => ({ name, sha256: digestOf })),
    },
  };
}
