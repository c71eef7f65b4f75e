import type { Provenance } from '@medplum/fhirtypes';
import { placeOfSignature, type ReleaseKind, type ReportContent } from '../../domain/report/index.ts';
import { fromFhirInstant, type Instant, toFhirInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { decodeBase64, encodeBase64 } from '../text/base64.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';
import { at, extensionOf, listAt, numberAt, plainReference, referenceId, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/** ASTM E1762-95 (2013) signature purposes, as FHIR lists them. */
const purposeOf: { readonly [Kind in ReleaseKind]: { readonly code: string; readonly display: string } } = {
  preliminary: { code: '1.2.840.10065.1.12.1.1', display: "Author's Signature" },
  final: { code: '1.2.840.10065.1.12.1.5', display: 'Verification Signature' },
  addendum: { code: '1.2.840.10065.1.12.1.15', display: 'Addendum Signature' },
  correction: { code: '1.2.840.10065.1.12.1.16', display: 'Modification Signature' },
  withdrawal: { code: '1.2.840.10065.1.12.1.16', display: 'Modification Signature' },
};

/** R4 provenance-agent-type: whoever wrote it is its author, whoever signs what another wrote its verifier. */
const agentOf = (code: 'author' | 'verifier', who: { readonly reference: string; readonly display: string }) => ({
  type: { coding: [{ system: systems.provenanceAgent, code }] },
  who,
});

/** The signature of one version. `target` is `DiagnosticReport/id`; `id` is derived by the caller, so that a replay writes the same. */
export function provenanceToFhir(
  content: ReportContent,
  digest: string,
  jws: string,
  targetReference: string,
  id: string,
): Provenance {
  const who = { reference: `Practitioner/${content.signer.id}`, display: content.signer.name };
  const signedAt = toFhirInstant(content.signedAt);
  const place = placeOfSignature(content);
  const { dictatedBy } = content;
  return {
    resourceType: 'Provenance',
    id,
    extension: [
      { url: ours.reportVersion, valueInteger: content.version },
      { url: ours.reportDigest, valueString: digest },
    ],
    target: [{ reference: targetReference }],
    recorded: signedAt,
    // R4 Provenance.location: where the activity occurred.
    ...(place === null
      ? {}
      : { location: { identifier: { system: ours.readingFrom, value: content.readingFrom }, display: place } }),
    // R4 Provenance.entity: what the activity used. The series that were opened, and no more than that of what she looked at.
    ...(content.seriesOpened === undefined || content.seriesOpened.length === 0
      ? {}
      : {
          entity: content.seriesOpened.map((uid) => ({
            role: 'source' as const,
            what: { identifier: { system: systems.dicomUid, value: `urn:oid:${uid}` }, display: 'Series opened' },
          })),
        }),
    agent:
      dictatedBy === undefined
        ? [agentOf('author', who)]
        : [
            agentOf('verifier', who),
            agentOf('author', { reference: `Practitioner/${dictatedBy.id}`, display: dictatedBy.name }),
          ],
    signature: [
      {
        type: [{ system: systems.signature, ...purposeOf[content.kind] }],
        when: signedAt,
        who,
        targetFormat: 'application/jose',
        sigFormat: 'application/jose',
        data: encodeBase64(encodeUtf8(jws)),
      },
    ],
  };
}

/** The signature that a Provenance carries. It proves nothing until the host has verified it with a published key. */
export function signatureFromProvenance(provenance: unknown): Result<
  {
    readonly target: string;
    readonly version: number;
    readonly digest: string;
    readonly signer: string;
    readonly signedAt: Instant;
    readonly jws: string;
  },
  'not-a-signature'
> {
  const target = textAt(provenance, 'target', 0, 'reference');
  const signature = listAt(provenance, 'signature')[0];
  const bytes = decodeBase64(textAt(signature, 'data') ?? '');
  const signer = referenceId(textAt(signature, 'who', 'reference'), 'Practitioner');
  const signedAt = fromFhirInstant(textAt(signature, 'when') ?? '');
  const version = numberAt(extensionOf(provenance, ours.reportVersion), 'valueInteger');
  const digest = textAt(extensionOf(provenance, ours.reportDigest), 'valueString');
  if (at(provenance, 'resourceType') !== 'Provenance' || target === null || bytes === null || bytes.length === 0)
    return err('not-a-signature');
  if (signer === null || !signedAt.ok || version === null || digest === null) return err('not-a-signature');
  return ok({
    target: plainReference(target),
    version,
    digest,
    signer,
    signedAt: signedAt.value,
    jws: decodeUtf8(bytes),
  });
}
