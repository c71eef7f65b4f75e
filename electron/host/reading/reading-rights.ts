import {
  type Entitlement,
  type ExamToRead,
  expectedSigningTime,
  gaveToSign,
  type MayRead,
  mayGiveToSign,
  mayIssue,
  mayRead,
  onShift,
  type Reader,
  type ReadingFrom,
  type RefusalReason,
  type ShiftStanding,
  withReason,
} from '../../../shared/domain/reader/index.ts';
import { waitsForImages } from '../../../shared/domain/reading/index.ts';
import type { ReleaseKind } from '../../../shared/domain/report/index.ts';
import { countHere, hereWords } from '../../../shared/domain/study/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { CredentialBook } from '../identity/credential-book.ts';
import type { CaseBook, CaseFacts } from './case-book.ts';
import type { SiteBook } from './site-book.ts';

/** Who asks, and from where. */
export type Asker = { readonly reader: Reader; readonly readingFrom: ReadingFrom | null };

/** Whether a person may read or issue a case of this host, by her credentials, the site's contract and where she sits. */
export type ReadingRights = {
  /** At the expected signing time. */
  mayRead(asker: Asker, facts: CaseFacts): MayRead;
  /** Whether an exam is among those that she may read, whoever is to sign what waits there. */
  mayLook(asker: Asker, facts: CaseFacts): MayRead;
  /** Whether she gives her report to be signed instead of signing it. */
  mayGiveToSign(asker: Asker, facts: CaseFacts): MayRead;
  /** One judge for a whole list: each site and modality is judged once. */
  judge(asker: Asker): (taskId: string) => MayRead;
  /** Now, or at the time of an offline signature's release. */
  mayIssue(asker: Asker, facts: CaseFacts, kind: 'preliminary' | 'final'): MayRead;
  /** `mayIssue`, and whether the site wants all images to be here first. Asked at the signature, never again at its release. */
  maySign(asker: Asker, facts: CaseFacts, kind: ReleaseKind): MayRead;
  /** As her credentials name them; none named means that none is preferred. */
  subspecialties(reader: Reader): readonly string[];
  /** Whether she is at work now, as her credentials name her shifts. */
  shift(reader: Reader): ShiftStanding;
  /** Changes when a verdict of the list may have changed without a change of its row. */
  stamp(asker: Asker): string;
};

/** What archives list beside the images of a study (PS3.3 C.7.3.1.1.1): nobody is qualified by these. */
const noImages: ReadonlySet<string> = new Set(['SR', 'PR', 'KO', 'SEG', 'REG', 'DOC', 'RTSTRUCT', 'AU', 'OT']);
const mayAll: MayRead = { allowed: true };
const oneHour = 3_600_000;
const oneDay = 86_400_000;

/** Mammography first: a tomosynthesis study may also list others, and needs its own qualification all the same. */
function modalityOf({ order, seen }: CaseFacts): string {
  const made = (seen?.study.modalities ?? []).filter((one) => !noImages.has(one));
  return made.includes('MG') || order?.modality === 'MG' ? 'MG' : (made[0] ?? order?.modality ?? '');
}

/** An addendum or a correction is of the standing of what it changes. */
export function issuedAs(kind: ReleaseKind, facts: CaseFacts): 'preliminary' | 'final' {
  if (kind === 'preliminary' || kind === 'final') return kind;
  return facts.task.requestedReport;
}

export function createReadingRights(parts: {
  readonly credentials: CredentialBook;
  readonly book: CaseBook;
  readonly sites: Pick<SiteBook, 'siteOf' | 'agreedWith'>;
  readonly recordNow: () => Instant;
}): ReadingRights {
  const { credentials, book, sites, recordNow } = parts;
  const examOf = (facts: CaseFacts): ExamToRead => ({
    site: facts.order?.site ?? null,
    modality: modalityOf(facts),
  });
  const read = (entitlement: Entitlement, exam: ExamToRead, wanted: 'draft' | 'preliminary' | 'final'): MayRead =>
    mayRead(entitlement, exam, expectedSigningTime(recordNow(), exam.modality), wanted);
  /** Where words wait for a signature, only who may give it has anything to do there. */
  const wantedOf = ({ task }: CaseFacts) => (task.desk.pending === undefined ? 'draft' : task.requestedReport);
  const isOwn = ({ task }: CaseFacts, reader: Reader): boolean => task.desk.pending?.reader === reader.id;

  const issue: ReadingRights['mayIssue'] = ({ reader, readingFrom }, facts, kind) =>
    mayIssue(credentials.of(reader), examOf(facts), kind, recordNow(), {
      from: readingFrom,
      terms: sites.siteOf(facts)?.issue ?? null,
    });
  const awaited = (facts: CaseFacts, kind: ReleaseKind): RefusalReason | null => {
    if (kind !== 'final' || sites.agreedWith(facts)?.arrival.finalWaits !== true) return null;
    const row = book.row(facts);
    if (!waitsForImages(row, recordNow())) return null;
    const protocol = row.arrival?.kind === 'arriving' ? row.arrival.protocol : null;
    const here = hereWords({ ...countHere(row.images), protocol });
    return {
      code: 'images-arriving',
      words: `By its rule this site takes no final while images are still arriving: ${here} are here`,
    };
  };

  return {
    mayRead: ({ reader }, facts) => {
      const verdict = read(credentials.of(reader), examOf(facts), wantedOf(facts));
      return isOwn(facts, reader) ? gaveToSign(verdict) : verdict;
    },
    mayLook: ({ reader }, facts) => read(credentials.of(reader), examOf(facts), 'draft'),
    mayGiveToSign: ({ reader }, facts) =>
      mayGiveToSign(credentials.of(reader), examOf(facts), recordNow(), facts.task.requestedReport),
    judge: ({ reader }) => {
      const entitlement = credentials.of(reader);
      if (entitlement === 'unrestricted')
        return (taskId) => {
          const facts = book.facts(taskId);
          return facts !== null && isOwn(facts, reader) ? gaveToSign(mayAll) : mayAll;
        };
      const judged = new Map<string, MayRead>();
      return (taskId) => {
        const facts = book.facts(taskId);
        if (facts === null) return mayAll;
        if (isOwn(facts, reader)) return gaveToSign(read(entitlement, examOf(facts), wantedOf(facts)));
        const exam = examOf(facts);
        const wanted = wantedOf(facts);
        const key = JSON.stringify([
          wanted,
          exam.site?.id,
          exam.site?.name,
          exam.site?.state,
          exam.site?.zone,
          exam.modality,
        ]);
        const known = judged.get(key) ?? read(entitlement, exam, wanted);
        judged.set(key, known);
        return known;
      };
    },
    mayIssue: issue,
    maySign: (asker, facts, kind) => withReason(issue(asker, facts, issuedAs(kind, facts)), awaited(facts, kind)),
    subspecialties: (reader) => {
      const entitlement = credentials.of(reader);
      return entitlement === 'unrestricted' ? [] : entitlement.subspecialties;
    },
    shift: (reader) => onShift(credentials.of(reader), recordNow()),
    stamp: ({ reader }) => {
      const entitlement = credentials.of(reader);
      if (entitlement === 'unrestricted') return 'unrestricted';
      const { licences, privileges, modalities, mammography, malpractice } = entitlement;
      const all = [licences, privileges ?? [], modalities ?? [], malpractice ?? [], mammography ?? []].flat();
      const now = recordNow();
      // A day ends at another moment in each zone; near an end the list is judged anew each hour.
      const near = all.some(
        (one) => one.expires !== null && Math.abs(Date.parse(one.expires) + oneDay - now) < 2 * oneDay,
      );
      return `${credentials.version()}|${near ? Math.floor(now / oneHour) : Math.floor(now / oneDay)}`;
    },
  };
}
