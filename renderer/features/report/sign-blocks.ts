import type { CaseDetail, LinkedExams, ReportView } from '../../../shared/api/index.ts';
import { type Draft, mayRelease, type ReleaseKind } from '../../../shared/domain/report/index.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import type { SaverState } from './draft-saver.ts';
import { hasWords } from './draft-words.ts';
import { waitingVersion } from './report-labels.ts';
import { givenExamsBlock, togetherBlock } from './together-words.ts';

export type SignFacts = {
  readonly detail: Pick<
    CaseDetail,
    'mode' | 'claim' | 'identity' | 'identityResolution' | 'study' | 'row' | 'order' | 'context' | 'pending'
  >;
  readonly report: ReportView;
  /** Null while this window does not write. */
  readonly saver: SaverState | null;
  /** While it is not yet known whether this window writes. */
  readonly opening: boolean;
  /** This machine keeps no store at all, which the reader was told; the host's copy then stands alone. */
  readonly storeless: boolean;
  /** The exams that go with this one, as the host last told; null before. */
  readonly linked: LinkedExams | null;
};

/** What stands in the way of signing, in the reader's words and worst first; null when nothing does. The host decides again. */
export function signBlock(kind: ReleaseKind, facts: SignFacts): string | null {
  const { detail, saver } = facts;
  const opening = startBlock(kind, facts);
  if (opening !== null) return opening;
  if (detail.study === null) return 'No images have come: there is nothing to report on.';
  if (identityBlocks(detail)) return 'Order and images differ: resolve the patient’s identity with a reason first.';
  if (saver === null && facts.opening) return 'Your draft is being opened: a moment.';
  if (saver === null) return 'Another window writes this report: take over to sign here.';
  if (saver.standing === 'stale') return 'Another window has newer words: load them first.';
  if (!hasWords(draftAs(kind, saver.draft))) {
    return kind === 'addendum' ? 'The addendum is empty.' : 'Nothing is written in Findings or Impression.';
  }
  const later = kind === 'addendum' || kind === 'correction';
  const given = later ? null : givenExamsBlock(saver.draft, detail);
  if (given !== null) return given;
  const together = togetherBlock(kind, draftAs(kind, saver.draft), detail, facts.linked);
  if (together !== null) return together;
  if (kind !== 'addendum' && saver.draft.sections['19005-8'].trim() === '')
    return 'The Impression is empty: it is what the orderer reads first.';
  if (saver.standing === 'not-saved' && !(facts.storeless && saver.inHost))
    return 'Not saved: signing waits until your words are in both places.';
  return null;
}

/** What stands in the way of even beginning a version of this kind. */
export function startBlock(kind: ReleaseKind, { detail, report }: Pick<SignFacts, 'detail' | 'report'>): string | null {
  if (detail.mode === 'look') return 'Opened with Look: read the study to write and sign.';
  if (waitingVersion(report) !== null) return 'A signed version still waits for its release. It goes first.';
  const legal = mayRelease(report.state, kind);
  if (!legal.ok) return legal.error.words;
  const later = kind === 'addendum' || kind === 'correction';
  if (!later && detail.claim === null) return 'You have no claim on this study: read it again to claim it.';
  return null;
}

/** A stop or an ask that nobody has answered, or whose answer was for other differences than those that stand now. */
export function identityBlocks(detail: Pick<CaseDetail, 'identity' | 'identityResolution'>): boolean {
  const { grade, differences } = detail.identity;
  if (grade !== 'stop' && grade !== 'ask') return false;
  const words = differences.map((one) => one.words);
  return (
    detail.identityResolution === null || canonicalJson(detail.identityResolution.differences) !== canonicalJson(words)
  );
}

function draftAs(kind: ReleaseKind, draft: Draft): Draft {
  return kind === 'addendum'
    ? { ...draft, kind: 'addendum' }
    : { ...draft, kind: kind === 'correction' ? 'correction' : 'report' };
}
