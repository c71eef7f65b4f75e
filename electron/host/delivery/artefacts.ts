import type { Order } from '../../../shared/domain/order/index.ts';
import type { ReportContent, ReportVersion } from '../../../shared/domain/report/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { type DeliveryRules, usualDelivery } from '../../../shared/domain/site/index.ts';
import type { Study } from '../../../shared/domain/study/index.ts';
import type { KeyImageReference, SrOtherExam } from '../../../shared/interop/dicom-sr/index.ts';
import { provenanceToFhir } from '../../../shared/interop/fhir/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import type { InstanceSummary } from '../archive/types.ts';
import { sha256 } from '../digest.ts';
import type { SigningKey } from '../identity/types.ts';
import type { Hl7Endpoint, ImrReceiver } from '../settings/types.ts';
import { startThread, threadEntry } from '../threads/rpc.ts';
import type { makeForms } from './forms.ts';
import type { CoverQuestion, coverPdf } from './pdf/index.ts';
import type { EarlierPdfs } from './report-pdf-objects.ts';
import type { SignedVersion } from './signed-store.ts';

/** What a signature covers: the content, and the exact HTML and PDF that people will read. */
export type SignedPayload = {
  readonly content: ReportContent;
  readonly forms: { readonly html: string; readonly pdf: string };
};

export type ArtefactMaker = {
  make(
    content: ReportContent,
    of: {
      readonly order: Order | null;
      readonly study: Study;
      readonly earlier: readonly string[];
      /** Which earlier versions are in the archive as PDF; absent where none is to go there. */
      readonly asPdf?: EarlierPdfs | null;
      /** In which forms the site wants its reports; the usual ones where absent. */
      readonly rules?: DeliveryRules;
      /** Pictures of key images by SHA-256, JPEG in base64; absent where none is shown. */
      readonly pictures?: Readonly<Record<string, string>>;
    },
    parent: ReportVersion | null,
    key: SigningKey,
    instances: readonly InstanceSummary[],
    /** The other exams of a report over several. */
    others: readonly SrOtherExam[],
    /** What the reader marked as key on the images of the exams that the report is over. */
    keyImages: readonly KeyImageReference[],
  ): Promise<SignedVersion>;
  /** The sheet before a faxed report. */
  cover(question: CoverQuestion): Promise<Uint8Array>;
  close(): Promise<void>;
};

/** Makes a version whole: forms in a thread, digest, JWS, Provenance. */
export function createArtefactMaker(options: {
  readonly demo: boolean;
  readonly version: string;
  readonly hl7: () => readonly Hl7Endpoint[];
  readonly imr: () => readonly ImrReceiver[];
}): ArtefactMaker {
  const entry = threadEntry(new URL('./artefact-thread.ts', import.meta.url), 'artefacts');
  const thread = startThread<{ makeForms: typeof makeForms; coverPdf: typeof coverPdf }>(entry, null);
  return {
    close: () => thread.stop(),
    cover: (question) => thread.coverPdf(question),
    make: async (
      content,
      { order, study, earlier, asPdf, pictures, rules },
      parent,
      key,
      instances,
      others,
      keyImages,
    ) => {
      const digest = sha256(canonicalJson(content as unknown as JsonValue));
      const forms = await thread.makeForms({
        content,
        digest,
        order,
        study,
        evidence: instances
          .filter((one) => content.instances.includes(one.instanceUid))
          .map(({ instanceUid, seriesUid, sopClassUid }) => ({ instanceUid, seriesUid, sopClassUid })),
        others,
        keyImages,
        withdrawn: content.kind === 'withdrawal' ? (parent?.content ?? null) : null,
        earlier: content.kind === 'withdrawal' ? earlier : [],
        asPdf: asPdf ?? null,
        rules: rules ?? usualDelivery,
        ...(pictures === undefined ? {} : { pictures }),
        keyImagesBefore: parent?.content.keyImages?.length ?? 0,
        parentDigest: parent?.digest ?? null,
        endpoint: options.hl7().find((one) => one.siteId === order?.site?.id) ?? null,
        receiver: withoutToken(options.imr().find((one) => one.siteId === order?.site?.id)),
        softwareVersion: options.version,
        demo: options.demo,
      });
      const payload: SignedPayload = { content, forms: forms.hashes };
      const jws = await key.sign(canonicalJson(payload as unknown as JsonValue));
      const provenanceId = deriveId('provenance', [content.reportId, digest], sha256);
      const { hashes: _hashes, ...rest } = forms;
      return {
        content,
        digest,
        jws,
        ...rest,
        provenance: provenanceToFhir(content, digest, jws, `DiagnosticReport/${content.reportId}`, provenanceId),
        fencingToken: content.fencingToken,
      };
    },
  };
}

/** What logs this host in goes into no thread and no version. */
function withoutToken(receiver: ImrReceiver | undefined) {
  if (receiver === undefined) return null;
  const { siteId, patientSystem, accessionSystem, images, pdf } = receiver;
  return { siteId, patientSystem, accessionSystem, images, pdf };
}
