import type { Provenance } from '@medplum/fhirtypes';
import type { PendingReport } from '../../domain/report/index.ts';
import { toFhirInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { decodeBase64, encodeBase64 } from '../text/base64.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';
import { at, extensionOf, listAt, referenceId, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/**
 * What a reader gave to be signed, with her signature (ASTM E1762 "Author's Signature"), as the Provenance of the reading task: it is no
 * report and no document, so that no system that looks for reports of the patient finds it. `id` is derived by the caller, so that a replay
 * writes the same.
 */
export function pendingToProvenance(
  report: PendingReport,
  digest: string,
  jws: string,
  id: string,
): Provenance & { readonly id: string } {
  const who = { reference: `Practitioner/${report.signer.id}`, display: report.signer.name };
  const when = toFhirInstant(report.signedAt);
  return {
    resourceType: 'Provenance',
    id,
    extension: [
      { url: ours.pendingSignature, valueBoolean: true },
      { url: ours.reportDigest, valueString: digest },
    ],
    target: [{ reference: `Task/${report.taskId}` }],
    recorded: when,
    agent: [{ type: { coding: [{ system: systems.provenanceAgent, code: 'author' }] }, who }],
    signature: [
      {
        type: [{ system: systems.signature, code: '1.2.840.10065.1.12.1.1', display: "Author's Signature" }],
        when,
        who,
        targetFormat: 'application/jose',
        sigFormat: 'application/jose',
        data: encodeBase64(encodeUtf8(jws)),
      },
    ],
  };
}

/** The signature of what was given to be signed. It proves nothing until the host has verified it with a published key. */
export function pendingFromProvenance(
  provenance: unknown,
): Result<{ readonly digest: string; readonly writer: string; readonly jws: string }, 'not-pending'> {
  const marked = at(extensionOf(provenance, ours.pendingSignature), 'valueBoolean') === true;
  const digest = textAt(extensionOf(provenance, ours.reportDigest), 'valueString');
  const signature = listAt(provenance, 'signature')[0];
  const writer = referenceId(textAt(signature, 'who', 'reference'), 'Practitioner');
  const bytes = decodeBase64(textAt(signature, 'data') ?? '');
  if (at(provenance, 'resourceType') !== 'Provenance' || !marked || digest === null || writer === null)
    return err('not-pending');
  return bytes === null || bytes.length === 0 ? err('not-pending') : ok({ digest, writer, jws: decodeUtf8(bytes) });
}
