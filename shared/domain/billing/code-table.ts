/** What one loaded edition of ICD-10-CM says of a code: billable as it is, a heading that needs more characters, or not in it. */
export type DiagnosisEntry = 'billable' | 'heading' | null;

/** One edition of a code set, in force from a day ("YYYYMMDD") on. */
export type TableEdition<Entry> = {
  readonly validFrom: string;
  readonly find: (code: string) => Entry;
};

/**
 * What the tables that a user loaded say of a code on a day. `unknown` is not invalid: no table was loaded, or the newest one ends before
 * that day, and the code may be in the next.
 */
export type Looked<Entry> =
  | { readonly kind: 'found'; readonly entry: Entry; readonly validFrom: string }
  | { readonly kind: 'absent'; readonly validFrom: string }
  | { readonly kind: 'unknown'; readonly words: string };

/** The edition in force on a day: the youngest that began on it or before; null where none did. */
export function editionOn<Edition extends { readonly validFrom: string }>(
  editions: readonly Edition[],
  on: string,
): Edition | null {
  let best: Edition | null = null;
  for (const one of editions) if (one.validFrom <= on && (best === null || one.validFrom > best.validFrom)) best = one;
  return best;
}

/** ICD-10-CM is in force for a US fiscal year (45 CFR 162.1002; updates of April end with the same year): the first day after an edition's. */
export function fiscalYearEnd(validFrom: string): string {
  const year = Number(validFrom.slice(0, 4));
  return validFrom.slice(4) < '1001' ? `${year}1001` : `${year + 1}1001`;
}

const shownDay = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;

/** What a diagnosis code is on a day of service ("YYYYMMDD"). The code without its point, in capitals. */
export function lookUpDiagnosis(
  editions: readonly TableEdition<DiagnosisEntry>[],
  code: string,
  on: string,
): Looked<'billable' | 'heading'> {
  const edition = editionOn(editions, on);
  if (edition === null) {
    const words =
      editions.length === 0
        ? 'No ICD-10-CM table is loaded.'
        : `No loaded ICD-10-CM table was in force on ${shownDay(on)}.`;
    return { kind: 'unknown', words };
  }
  const entry = edition.find(code);
  const covered = on < fiscalYearEnd(edition.validFrom);
  // An old table still vouches for what it has; what it lacks, or held as a heading, may have changed since.
  if (entry === 'billable' || (entry === 'heading' && covered))
    return { kind: 'found', entry, validFrom: edition.validFrom };
  if (covered) return { kind: 'absent', validFrom: edition.validFrom };
  return {
    kind: 'unknown',
    words: `Unknown to this table: the newest one loaded is of ${shownDay(edition.validFrom)}.`,
  };
}
