import { type FormsQuestion, makeForms } from '../../electron/host/delivery/forms.ts';
import type { SignedVersion } from '../../electron/host/delivery/signed-store.ts';
import { sha256 } from '../../electron/host/digest.ts';
import { deriveId } from '../../shared/domain/report/index.ts';
import { provenanceToFhir } from '../../shared/interop/fhir/index.ts';

/** A version with every byte of it, as signing makes it, but for a signature that nobody can verify. */
export async function signedVersionOf(question: FormsQuestion): Promise<SignedVersion> {
  const { content, digest } = question;
  const { hashes: _hashes, ...forms } = await makeForms(question);
  const jws = `test.${digest}`;
  const id = deriveId('provenance', [content.reportId, digest], sha256);
  const provenance = provenanceToFhir(content, digest, jws, `DiagnosticReport/${content.reportId}`, id);
  return { content, digest, jws, ...forms, provenance, fencingToken: content.fencingToken };
}
