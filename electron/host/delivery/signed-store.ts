import type { ReportContent, ReportState, ReportVersion } from '../../../shared/domain/report/index.ts';
import { stateAfter } from '../../../shared/domain/report/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { Journal } from '../journal/types.ts';
import type { SignedOru } from './forms.ts';
import type { SignedImr } from './imr/imr-sender.ts';
import type { ReportPdfObjects } from './report-pdf-objects.ts';
import type { StoredObject } from './stored-object.ts';

/** A signed version with every byte that will ever be sent of it, made once at signing. */
export type SignedVersion = {
  readonly content: ReportContent;
  readonly digest: string;
  readonly jws: string;
  /** FHIR resources as they will be PUT. */
  readonly diagnosticReport: unknown;
  /** Its sections under their codes; absent of what was signed before this was sent. */
  readonly composition?: unknown;
  readonly provenance: unknown;
  readonly srInstanceUid: string;
  readonly srSeriesUid: string;
  /** Part 10 bytes of the Enhanced SR, base64. */
  readonly sr: string;
  /** Of a withdrawal: the note that takes the documents of earlier versions back; absent on every other. */
  readonly rejection?: StoredObject;
  /** The PDF as a DICOM object; absent where the site wants none in its archive. */
  readonly reportPdf?: ReportPdfObjects;
  /** SHA-256 over what we vouch for in the SR. */
  readonly srDigest: string;
  /** The ORU message and where it goes; null where the site has no endpoint. */
  readonly oru: SignedOru | null;
  /** The transaction for the site's FHIR server; absent where it has none. */
  readonly imr?: SignedImr;
  /** The reader's claim at signing; null for addenda and corrections. */
  readonly fencingToken: number | null;
};

type Phase =
  | { readonly phase: 'signed'; readonly version: SignedVersion }
  | { readonly phase: 'released'; readonly digest: string; readonly at: Instant }
  | { readonly phase: 'returned'; readonly digest: string; readonly reason: string; readonly at: Instant };

export type Standing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'released'; readonly at: Instant }
  | { readonly kind: 'returned'; readonly reason: string };
export type HeldVersion = { readonly taskId: string; readonly signed: SignedVersion; readonly standing: Standing };

/** The journal's signed versions, folded. What is in it was acknowledged and is never changed, only followed by its fate. */
export type SignedStore = {
  ofTask(taskId: string): readonly HeldVersion[];
  all(): readonly HeldVersion[];
  byDigest(digest: string): HeldVersion | null;
  /** False while nobody knows whether its fate is in the journal already: nothing more is decided about it until that is known. */
  isSettled(digest: string): boolean;
  /** Takes what an append has already made durable. */
  took(taskId: string, phase: Phase): void;
  release(taskId: string, digest: string, at: Instant): Promise<boolean>;
  giveBack(taskId: string, digest: string, reason: string, at: Instant): Promise<boolean>;
};

/** `onLate` is told of a task whose version turned out to be released or given back after nobody had known. */
export async function openSignedStore(
  journal: Pick<Journal, 'append' | 'all'>,
  onLate: (taskId: string) => void = () => undefined,
): Promise<SignedStore> {
  const byDigest = new Map<string, HeldVersion>();
  const unsettled = new Set<string>();
  const digestsOf = new Map<string, string[]>();
  const took = (taskId: string, phase: Phase): void => {
    if (phase.phase === 'signed') {
      const { digest } = phase.version;
      if (byDigest.has(digest)) return;
      byDigest.set(digest, { taskId, signed: phase.version, standing: { kind: 'waiting' } });
      digestsOf.set(taskId, [...(digestsOf.get(taskId) ?? []), digest]);
      return;
    }
    const held = byDigest.get(phase.digest);
    if (held === undefined) return;
    const standing: Standing =
      phase.phase === 'released' ? { kind: 'released', at: phase.at } : { kind: 'returned', reason: phase.reason };
    byDigest.set(phase.digest, { ...held, standing });
  };
  for (const entry of await journal.all('signed')) took(entry.key, entry.body as Phase);
  const follow = async (taskId: string, phase: Phase): Promise<boolean> => {
    const kept = await journal.append([{ kind: 'signed', key: taskId, body: phase }]);
    if (kept.ok) took(taskId, phase);
    else if (kept.error.code === 'not-known' && phase.phase !== 'signed') {
      unsettled.add(phase.digest);
      void kept.error.settled.then((settlement) => {
        if (settlement.kind === 'kept') took(taskId, phase);
        // Never known: the journal has stopped and takes nothing more; the next start reads what it holds.
        if (settlement.kind === 'never-known') return;
        unsettled.delete(phase.digest);
        onLate(taskId);
      });
    }
    return kept.ok;
  };
  return {
    ofTask: (taskId) => (digestsOf.get(taskId) ?? []).flatMap((digest) => byDigest.get(digest) ?? []),
    all: () => [...byDigest.values()],
    byDigest: (digest) => byDigest.get(digest) ?? null,
    isSettled: (digest) => !unsettled.has(digest),
    took,
    release: (taskId, digest, at) => follow(taskId, { phase: 'released', digest, at }),
    giveBack: (taskId, digest, reason, at) => follow(taskId, { phase: 'returned', digest, reason, at }),
  };
}

/** A held version as the page sees it. */
export function asReportVersion({ signed, standing }: HeldVersion): ReportVersion {
  const { content, digest } = signed;
  const state: ReportState = standing.kind === 'released' ? stateAfter(content.kind) : 'signed-not-released';
  return {
    version: content.version,
    kind: content.kind,
    state,
    digest,
    content,
    releasedAt: standing.kind === 'released' ? standing.at : null,
    returned: standing.kind === 'returned' ? standing.reason : null,
  };
}
