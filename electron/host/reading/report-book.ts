import { z } from 'zod';
import type { CallOutput, ReportView } from '../../../shared/api/index.ts';
import { reportContentSchema } from '../../../shared/api/index.ts';
import { type ReportVersion, reportIdFor, stateAfter } from '../../../shared/domain/report/index.ts';
import { intervals } from '../../../shared/domain/turnaround/index.ts';
import {
  presentedBytes,
  publicKeysOf,
  reportFromFhir,
  signatureFromProvenance,
} from '../../../shared/interop/fhir/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { asReportVersion, type HeldVersion, type SignedStore } from '../delivery/signed-store.ts';
import type { DeviceBook } from '../devices/device-book.ts';
import { sha256 } from '../digest.ts';
import { verifyJws } from '../identity/index.ts';
import type { RecordClient } from '../record/types.ts';
import type { CaseFacts } from './case-book.ts';
import type { EventBook } from './event-book.ts';
import type { SiteBook } from './site-book.ts';

/** Reports as people see them: signed here (journal) and elsewhere (record), verified against the published keys. */
export type ReportBook = {
  of(taskId: string): Promise<ReportView>;
  /** The same by the report's own id, where its task is not known. Null where the record does not answer and this host has none. */
  versionsOf(reportId: string): Promise<readonly ReportVersion[] | null>;
  verify(taskId: string): Promise<CallOutput<'verifyReport'>>;
  /** The PDF of a version, its bytes counted against what its signature covers; null where there is none that could be proved. */
  document(taskId: string, digest: string): Promise<Uint8Array | null>;
  timeline(facts: CaseFacts): Omit<CallOutput<'timeline'>, 'filling'>;
};

/** What a signature of ours covers: the content, and the hashes of the HTML and the PDF that people read. */
const signedPayloadSchema = z.object({
  content: reportContentSchema,
  forms: z.object({ html: z.string(), pdf: z.string() }),
});

const fromEndedComputer =
  'It was signed on a computer that was revoked, or that was away from the group for too long, before it was released. Read it again and sign it here.';

type Stored = {
  readonly forms: { readonly html: string; readonly pdf: string } | null;
  readonly digest: string;
  readonly version: ReportVersion | null;
  readonly verdict: 'verified' | 'altered' | 'unknown-key';
  readonly number: number;
  readonly words: string;
};

export function createReportBook(
  record: RecordClient,
  signed: SignedStore,
  events: EventBook,
  sites: SiteBook,
  devices: Pick<DeviceBook, 'givenBack'>,
): ReportBook {
  /** Every Provenance of the report, its signature checked against the keys that the record publishes for the Practitioner it names. */
  const stored = async (reportId: string): Promise<readonly Stored[] | null> => {
    const found = await record.search('Provenance', { target: `DiagnosticReport/${reportId}` });
    if (!found.ok) return null;
    const all: Stored[] = [];
    for (const { resource } of found.value) {
      const signature = signatureFromProvenance(resource);
      if (!signature.ok) {
        all.push({
          digest: '',
          version: null,
          forms: null,
          verdict: 'altered',
          number: 0,
          words: 'The signature in the record cannot be read.',
        });
        continue;
      }
      const { jws, signer: practitionerId, digest: stated } = signature.value;
      const practitioner = await record.read('Practitioner', practitionerId);
      const keys = practitioner.ok ? publicKeysOf(practitioner.value.resource) : [];
      let payload: string | null = null;
      for (const key of keys) {
        const checked = await verifyJws(jws, key.jwk);
        if (checked.ok) payload = checked.value;
      }
      if (payload === null) {
        const known = keys.length > 0;
        all.push({
          digest: stated,
          version: null,
          forms: null,
          verdict: known ? 'altered' : 'unknown-key',
          number: 0,
          words: known
            ? 'The signature does not fit the signer’s published keys.'
            : 'The record publishes no key for the signer.',
        });
        continue;
      }
      const read = signedPayloadSchema.safeParse(JSON.parse(payload));
      const digest = read.success ? sha256(canonicalJson(read.data.content as unknown as JsonValue)) : '';
      const belongs =
        read.success && read.data.content.reportId === reportId && read.data.content.signer.id === practitionerId;
      if (!belongs || digest !== stated) {
        all.push({
          digest: stated,
          version: null,
          forms: null,
          verdict: 'altered',
          number: 0,
          words: 'The signed words and the record do not agree.',
        });
        continue;
      }
      const { content: data, forms } = read.data;
      const version: ReportVersion = {
        version: data.version,
        kind: data.kind,
        state: stateAfter(data.kind),
        digest,
        content: data,
        releasedAt: data.signedAt,
        returned: null,
      };
      all.push({
        digest,
        version,
        forms,
        verdict: 'verified',
        number: data.version,
        words: `Signed by ${data.signer.name}; identity, text and ${data.instances.length} ${data.instances.length === 1 ? 'image' : 'images'} as signed.`,
      });
    }
    return all;
  };

  return {
    versionsOf: async (reportId) => {
      const local = signed
        .all()
        .filter((one) => one.signed.content.reportId === reportId)
        .map(asReportVersion);
      const there = await stored(reportId);
      if (there === null && local.length === 0) return null;
      const known = new Set(local.map((one) => one.digest));
      const others = (there ?? []).flatMap((one) =>
        one.version === null || known.has(one.digest) ? [] : [one.version],
      );
      return [...local, ...others].sort((a, b) => a.version - b.version);
    },
    of: async (taskId) => {
      const reportId = reportIdFor(taskId, sha256);
      const local = signed.ofTask(taskId).map(asReportVersion);
      const known = new Set(local.map((one) => one.digest));
      const others = ((await stored(reportId)) ?? []).flatMap((one) =>
        one.version === null || known.has(one.digest) ? [] : [one.version],
      );
      // Handed over before its computer was ended: then it stands there already.
      const taken = new Set([...known, ...others.map((one) => one.digest)]);
      const givenBack = devices
        .givenBack(taskId)
        .filter((one) => !taken.has(one.version.digest))
        .map(({ version }): ReportVersion => ({ ...version, returned: fromEndedComputer }));
      const versions = [...local, ...others, ...givenBack].sort(
        (a, b) => a.version - b.version || Number(a.returned === null) - Number(b.returned === null),
      );
      return { reportId, state: stateOf(versions), versions };
    },
    verify: async (taskId) => {
      const reportId = reportIdFor(taskId, sha256);
      const found = (await stored(reportId)) ?? [];
      const local: readonly HeldVersion[] = signed.ofTask(taskId).filter((one) => one.standing.kind === 'released');
      const report = await record.read('DiagnosticReport', reportId);
      const shown = report.ok
        ? presentedBytes(report.value.resource).map((form) => sha256(new Uint8Array(Buffer.from(form.data, 'base64'))))
        : [];
      const head = report.ok ? reportFromFhir(report.value.resource) : null;
      const newest = Math.max(0, ...found.map((one) => one.number));
      const versions = found.map((one) => {
        // The words that a physician reads come from the DiagnosticReport; they must be those of the newest signature.
        const stale =
          one.verdict === 'verified' &&
          one.number === newest &&
          (head?.ok !== true ||
            head.value.digest !== one.digest ||
            one.forms === null ||
            !shown.includes(one.forms.html) ||
            !shown.includes(one.forms.pdf));
        return stale
          ? {
              version: one.number,
              verdict: 'altered' as const,
              words: 'The report in the record is not the one that was signed.',
            }
          : { version: one.number, verdict: one.verdict, words: one.words };
      });
      const missing = local.filter((one) => !found.some((other) => other.digest === one.signed.digest));
      return {
        versions: [
          ...versions,
          ...missing.map((one) => ({
            version: one.signed.content.version,
            verdict: 'missing' as const,
            words: 'Not in the record yet.',
          })),
        ].sort((a, b) => a.version - b.version),
      };
    },
    document: async (taskId, digest) => {
      const local = signed.byDigest(digest);
      if (local !== null) return pdfsOf(local.signed.diagnosticReport)[0] ?? null;
      const reportId = reportIdFor(taskId, sha256);
      const version = (await stored(reportId))?.find((one) => one.verdict === 'verified' && one.digest === digest);
      const read = await record.read('DiagnosticReport', reportId);
      if (version?.forms == null || !read.ok) return null;
      const { pdf } = version.forms;
      return pdfsOf(read.value.resource).find((bytes) => sha256(bytes) === pdf) ?? null;
    },
    timeline: (facts) => {
      const history = events.of(facts.task.id);
      return {
        zone: facts.order?.site?.zone ?? 'UTC',
        events: [...history],
        intervals: intervals(history, sites.termsOf(facts, history)),
      };
    },
  };
}

function pdfsOf(report: unknown): readonly Uint8Array[] {
  return presentedBytes(report)
    .filter(({ contentType }) => contentType === 'application/pdf')
    .map(({ data }) => new Uint8Array(Buffer.from(data, 'base64')));
}

function stateOf(versions: readonly ReportVersion[]): ReportView['state'] {
  const standing = versions.filter((one) => one.returned === null);
  return standing.at(-1)?.state ?? 'draft';
}
