import type { Composition, DiagnosticReport, Provenance, Resource } from '@medplum/fhirtypes';
import type { Delivery, GatewayKind } from '../../../shared/domain/delivery/index.ts';
import { parseInstanceUid, parseSeriesUid, parseStudyUid } from '../../../shared/domain/study/index.ts';
import { srVouchedValue } from '../../../shared/interop/dicom-sr/index.ts';
import {
  compositionVersion,
  presentedBytes,
  reportFromFhir,
  signatureFromProvenance,
  vouchedComposition,
  vouchedDigestInput,
} from '../../../shared/interop/fhir/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { type ArchiveClient, type ArchiveFailure, type DicomJson, isOfTheMoment } from '../archive/types.ts';
import { sha256 } from '../digest.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient, RecordFailure } from '../record/types.ts';
import type { Hl7Endpoint } from '../settings/types.ts';
import { receiptOf } from './later-answer.ts';
import { laterOfOurs, short } from './later-of-ours.ts';
import type { MllpLines } from './mllp-sender.ts';
import type { Attempt, ChannelSender } from './outbox.ts';
import { createPdfSender } from './send-report-pdf.ts';
import type { HeldVersion, SignedStore } from './signed-store.ts';

/** How long a receiver of HL7 may think before the message goes again. */
const ackTimeout = 10_000;

/** A server that is silent or busy costs time; one that says no needs a person. */
function recordAttempt(found: RecordFailure): Attempt {
  return found.code === 'refused' || found.code === 'too-large' || found.code === 'unauthorised'
    ? { kind: 'refused', proof: found.message }
    : { kind: 'wait', proof: found.message };
}

function archiveAttempt(found: ArchiveFailure): Attempt {
  if (isOfTheMoment(found)) return { kind: 'wait', proof: `${found.message} (${found.cameBack})` };
  return found.code === 'refused' || found.code === 'too-large' || found.code === 'unauthorised'
    ? { kind: 'refused', proof: found.message }
    : { kind: 'wait', proof: found.message };
}

/** One sender a channel. Each reads before it writes, so that "already there" leads to the same proof as a first delivery. */
export function createSenders(parts: {
  readonly record: RecordClient;
  readonly archive: ArchiveClient;
  readonly signed: Pick<SignedStore, 'byDigest'>;
  readonly hl7: () => readonly Hl7Endpoint[];
  readonly lines: Pick<MllpLines, 'send'>;
  /** Sites' FHIR servers, which have a sender of their own. */
  readonly imr: ChannelSender;
  /** Fax and Direct mail, which have senders of their own. */
  readonly gateways: Readonly<Record<GatewayKind, ChannelSender>>;
  readonly ports: Ports;
}): Readonly<Record<Delivery['channel'], ChannelSender>> {
  const { record, archive, ports } = parts;

  const put = async <Kind extends Resource & { id?: string }>(
    resource: Kind,
    ifMatch: string | undefined,
  ): Promise<Attempt | null> => {
    const written = await record.put(resource, ifMatch === undefined ? {} : { ifMatch });
    if (written.ok) return null;
    // A conflict means that somebody wrote between our reading and our writing: the next round reads again.
    if (written.error.code === 'version-conflict')
      return { kind: 'wait', proof: 'The record changed while we wrote; reading it again.' };
    return recordAttempt(written.error);
  };

  const laterOf = (there: { readonly version: number; readonly digest: string } | null, held: HeldVersion) =>
    laterOfOurs(parts.signed, there, held);

  const sendReport = async (held: HeldVersion): Promise<Attempt> => {
    const ours = held.signed.diagnosticReport as DiagnosticReport;
    const expected = sha256(canonicalJson(vouchedDigestInput(ours)));
    const read = await record.read('DiagnosticReport', ours.id ?? '');
    if (!read.ok && read.error.code !== 'not-found') return recordAttempt(read.error);
    const there = read.ok ? reportFromFhir(read.value.resource) : null;
    const already = there?.ok === true && there.value.digest === held.signed.digest;
    const superseded = laterOf(there?.ok === true ? there.value : null, held);
    if (superseded !== null) return superseded;
    if (!already) {
      const parent = held.signed.content.parentDigest;
      // A withdrawal takes back whatever version of this report has come that far: one before it may never have been sent.
      const earlier =
        held.signed.content.kind === 'withdrawal' &&
        there?.ok === true &&
        there.value.version < held.signed.content.version;
      if (read.ok && !earlier && (there?.ok !== true || there.value.digest !== parent)) {
        return { kind: 'refused', proof: 'The record holds another report under this id. Nothing was overwritten.' };
      }
      ports.step?.('report-put');
      const failed = await put(ours, read.ok ? read.value.version : undefined);
      if (failed !== null) return failed;
      ports.step?.('report-stored');
    }
    const back = await record.read('DiagnosticReport', ours.id ?? '');
    if (!back.ok)
      return back.error.code === 'not-found'
        ? { kind: 'accepted', proof: 'Stored, not yet readable.' }
        : recordAttempt(back.error);
    const now = reportFromFhir(back.value.resource);
    const since = laterOf(now.ok ? now.value : null, held);
    if (since !== null) return since;
    const found = sha256(canonicalJson(vouchedDigestInput(back.value.resource)));
    // The stated hash of a form is not proof of its bytes: they are hashed here.
    const forms = (report: DiagnosticReport): string =>
      canonicalJson(presentedBytes(report).map((form) => sha256(Buffer.from(form.data, 'base64'))));
    if (found !== expected || forms(back.value.resource) !== forms(ours))
      return {
        kind: 'refused',
        proof: `The record gives back something else than was stored (${short(found)}, expected ${short(expected)}).`,
      };
    return { kind: 'filed', proof: `stored, read back, digest equal ${short(held.signed.digest)}` };
  };

  const sendProvenance = async (held: HeldVersion): Promise<Attempt> => {
    const ours = held.signed.provenance as Provenance;
    const read = await record.read('Provenance', ours.id ?? '');
    if (!read.ok && read.error.code !== 'not-found') return recordAttempt(read.error);
    if (!read.ok) {
      ports.step?.('provenance-put');
      const failed = await put(ours, undefined);
      if (failed !== null) return failed;
      ports.step?.('provenance-stored');
    }
    const back = await record.read('Provenance', ours.id ?? '');
    if (!back.ok)
      return back.error.code === 'not-found'
        ? { kind: 'accepted', proof: 'Signature stored, not yet readable.' }
        : recordAttempt(back.error);
    const signature = signatureFromProvenance(back.value.resource);
    if (!signature.ok || signature.value.jws !== held.signed.jws)
      return { kind: 'refused', proof: 'The record gives back another signature than was stored.' };
    return { kind: 'filed', proof: '' };
  };

  const sendComposition = async (held: HeldVersion): Promise<Attempt> => {
    const ours = held.signed.composition as Composition | undefined;
    if (ours === undefined) return { kind: 'filed', proof: '' };
    const vouched = (one: unknown): string => canonicalJson(vouchedComposition(one));
    const read = await record.read('Composition', ours.id ?? '');
    if (!read.ok && read.error.code !== 'not-found') return recordAttempt(read.error);
    const there = read.ok ? compositionVersion(read.value.resource) : null;
    const superseded = laterOf(there, held);
    if (superseded !== null) return superseded;
    if (there?.digest !== held.signed.digest) {
      if (read.ok && (there === null || there.version >= held.signed.content.version))
        return { kind: 'refused', proof: 'The record holds other sections under this id. Nothing was overwritten.' };
      ports.step?.('composition-put');
      const failed = await put(ours, read.ok ? read.value.version : undefined);
      if (failed !== null) return failed;
      ports.step?.('composition-stored');
    }
    const back = await record.read('Composition', ours.id ?? '');
    if (!back.ok)
      return back.error.code === 'not-found'
        ? { kind: 'accepted', proof: 'Sections stored, not yet readable.' }
        : recordAttempt(back.error);
    const since = laterOf(compositionVersion(back.value.resource), held);
    if (since !== null) return since;
    return vouched(back.value.resource) === vouched(ours)
      ? { kind: 'filed', proof: '' }
      : { kind: 'refused', proof: 'The record gives back other sections than were stored.' };
  };

  const sendSr = async (held: HeldVersion): Promise<Attempt> => {
    const { content, srInstanceUid, srSeriesUid, sr } = held.signed;
    const study = parseStudyUid(content.studyUid);
    const series = parseSeriesUid(srSeriesUid);
    const instance = parseInstanceUid(srInstanceUid);
    if (!study.ok || !series.ok || !instance.ok) return { kind: 'refused', proof: 'The study’s UID is no UID.' };
    const bytes = new Uint8Array(Buffer.from(sr, 'base64'));
    const expected = held.signed.srDigest;
    const compare = (json: DicomJson): Attempt => {
      const found = vouchedOf(json);
      return found === expected
        ? { kind: 'filed', proof: `SR stored, read back, digest equal ${short(expected)}` }
        : {
            kind: 'refused',
            proof: `The archive gives back another document than was stored (${short(found)}, expected ${short(expected)}).`,
          };
    };
    const read = await archive.instanceMetadata(study.value, series.value, instance.value);
    if (read.ok) return compare(read.value);
    if (read.error.code !== 'not-found') return archiveAttempt(read.error);
    ports.step?.('sr-store');
    const stored = await archive.store(bytes);
    if (!stored.ok) return archiveAttempt(stored.error);
    ports.step?.('sr-stored');
    const back = await archive.instanceMetadata(study.value, series.value, instance.value);
    if (back.ok) return compare(back.value);
    return back.error.code === 'not-found'
      ? { kind: 'accepted', proof: 'SR stored, not yet readable.' }
      : archiveAttempt(back.error);
  };

  /** Null once the archive holds the note that withdraws the earlier documents, and where there is none to send. */
  const sendRejection = async (held: HeldVersion): Promise<Attempt | null> => {
    const { content, rejection } = held.signed;
    if (rejection === undefined) return null;
    const study = parseStudyUid(content.studyUid);
    const series = parseSeriesUid(rejection.seriesUid);
    const instance = parseInstanceUid(rejection.instanceUid);
    if (!study.ok || !series.ok || !instance.ok) return { kind: 'refused', proof: 'The note’s UID is no UID.' };
    const read = await archive.instanceMetadata(study.value, series.value, instance.value);
    if (read.ok) return null;
    if (read.error.code !== 'not-found') return archiveAttempt(read.error);
    ports.step?.('sr-rejection-store');
    const stored = await archive.store(new Uint8Array(Buffer.from(rejection.bytes, 'base64')));
    if (!stored.ok) return archiveAttempt(stored.error);
    const back = await archive.instanceMetadata(study.value, series.value, instance.value);
    if (back.ok) return null;
    return back.error.code === 'not-found'
      ? { kind: 'accepted', proof: 'The note that withdraws the earlier documents is stored, not yet readable.' }
      : archiveAttempt(back.error);
  };

  return {
    record: async (held) => {
      const report = await sendReport(held);
      if (report.kind !== 'filed' && report.kind !== 'superseded') return report;
      const sections = report.kind === 'superseded' ? report : await sendComposition(held);
      if (sections.kind !== 'filed' && sections.kind !== 'superseded') return sections;
      // Each version has a signature of its own there, the earlier ones too.
      const provenance = await sendProvenance(held);
      if (provenance.kind !== 'filed') return provenance;
      return sections.kind === 'superseded' ? sections : report;
    },
    archive: async (held) => {
      const document = await sendSr(held);
      if (document.kind !== 'filed') return document;
      // The new document first: a viewer that obeys the note and has nothing else would show that there never was a report.
      const noted = await sendRejection(held);
      return noted ?? document;
    },
    pdf: createPdfSender({ archive, onFailure: archiveAttempt, ports, short }),
    imr: parts.imr,
    ...parts.gateways,
    hl7: async (held) => {
      const { oru } = held.signed;
      if (oru === null) return { kind: 'refused', proof: 'This report was signed while the site had no HL7 endpoint.' };
      const endpoint = parts.hl7().find((one) => one.siteId === oru.siteId);
      if (endpoint === undefined)
        return { kind: 'refused', proof: `No HL7 endpoint is set for ${oru.siteId} any more. Set it, then try again.` };
      ports.step?.('oru-send');
      const receipt = receiptOf(oru);
      const from = `${endpoint.receivingApplication}, ${endpoint.host}:${endpoint.port}`;
      const answer = await parts.lines.send(
        oru.text,
        oru.controlId,
        endpoint,
        ackTimeout,
        receipt === 'enhanced' ? { siteId: oru.siteId, by: `from ${from}` } : null,
      );
      ports.step?.('oru-answered');
      if (!answer.ok) return { kind: 'wait', proof: answer.error.words };
      const { code, words } = answer.value;
      if (code === 'CA')
        return {
          kind: 'committed',
          proof: `CA for message ${oru.controlId} from ${from}: committed there, which is neither accepted nor filed; its application’s own answer is waited for`,
        };
      if (code === 'AA')
        return receipt === 'accepted'
          ? { kind: 'accepted', proof: `AA for message ${oru.controlId} from ${from}` }
          : { kind: 'filed', proof: `AA of the application for message ${oru.controlId} from ${from}` };
      const proof = `${code}: ${words === '' ? 'no reason given' : words}`;
      // AE may pass (a locked row, an order that comes after its result). AR is a no to these bytes, and is never repeated blindly.
      return code === 'AE' ? { kind: 'wait', proof } : { kind: 'refused', proof };
    },
  };
}

function vouchedOf(json: DicomJson): string {
  return sha256(canonicalJson(srVouchedValue(json) as JsonValue));
}
