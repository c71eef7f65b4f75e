import type { CaseDetail } from '../../../shared/api/index.ts';
import type { PendingReport } from '../../../shared/domain/report/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';

/** Another reader's words, or her own that came back, from which a draft begins where there is none. */
export type GivenWords = {
  readonly report: PendingReport;
  readonly writer: { readonly id: string; readonly name: string };
  readonly at: Instant;
};

/** Null where nothing was given for whoever reads now, or the words are not proved to be of this case. */
export function givenWordsOf({ pending, mode }: Pick<CaseDetail, 'pending' | 'mode'>): GivenWords | null {
  if (mode !== 'read' || pending === undefined || pending.report === null) return null;
  if (pending.standing !== 'to-sign' && pending.standing !== 'sent-back') return null;
  return { report: pending.report, writer: pending.writer, at: pending.at as Instant };
}
