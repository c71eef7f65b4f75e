/** What one check of an order against itself and its images is about. */
export type OrderCheckCode =
  | 'patient-name'
  | 'patient-birth-date'
  | 'patient-sex'
  | 'patient-id'
  | 'patient-study'
  | 'patient-age'
  | 'patient-exam'
  | 'procedure'
  | 'modality'
  | 'body-part'
  | 'code-modality'
  | 'code-body-part'
  | 'code-side'
  | 'code-contrast'
  | 'contrast'
  | 'side'
  | 'side-reason'
  | 'reason'
  | 'images'
  | 'views'
  | 'series'
  | 'protocol'
  | 'order-status'
  | 'orderer'
  | 'site'
  | 'accession'
  | 'priority';

/** The five rights of an imaging order, and what else must be known to read it. */
export type OrderCheckGroup = 'patient' | 'exam' | 'side' | 'reason' | 'images' | 'order';

/**
 * agrees: both say it and it is the same · not-compared: one of them does not say, which is no mismatch · note: worth a look · defect: the
 * order is wrong, lacks something, or the images are other than ordered.
 */
export type OrderCheckState = 'agrees' | 'not-compared' | 'note' | 'defect';

/** One check with the evidence on both sides, for people. */
export type OrderCheck = {
  readonly code: OrderCheckCode;
  readonly group: OrderCheckGroup;
  readonly state: OrderCheckState;
  /** What is right or wrong, in one sentence. */
  readonly words: string;
  /** As the order has it; empty where it says nothing. */
  readonly order: string;
  /** As the images have it; empty where they say nothing. */
  readonly images: string;
  /** The element of the standard that decides it. */
  readonly clause: string;
};

export type FitVerdict = 'fit' | 'fit-with-notes' | 'not-fit';

export type FitToRead = { readonly verdict: FitVerdict; readonly checks: readonly OrderCheck[] };

/** How much a finding counts at one site. Findings about who the patient is count everywhere. */
export type CheckWeight = 'defect' | 'note' | 'off';
export type FitToReadRules = { readonly [Code in OrderCheckCode]?: CheckWeight };

/** One row of a table that the group loaded: what a procedure code stands for at their sites. */
export type ProcedureFacts = {
  readonly modality: string | null;
  readonly bodyPart: string | null;
  readonly laterality: 'L' | 'R' | 'B' | null;
  readonly contrast: 'with' | 'without' | 'both' | null;
};

const stateRank: Readonly<Record<OrderCheckState, number>> = { defect: 0, note: 1, 'not-compared': 2, agrees: 3 };

/** Weighs what was found by the site's rules, the worst first, and says what it comes to. */
export function fitOf(found: readonly OrderCheck[], rules: FitToReadRules = {}): FitToRead {
  const checks = found
    .flatMap((check): OrderCheck[] => {
      if (check.state !== 'defect' && check.state !== 'note') return [check];
      const weight = check.group === 'patient' ? undefined : rules[check.code];
      if (weight === undefined) return [check];
      return weight === 'off' ? [] : [{ ...check, state: weight }];
    })
    .map((check, index) => ({ check, index }))
    .sort((a, b) => stateRank[a.check.state] - stateRank[b.check.state] || a.index - b.index)
    .map(({ check }) => check);
  const worst = checks[0]?.state;
  return { verdict: worst === 'defect' ? 'not-fit' : worst === 'note' ? 'fit-with-notes' : 'fit', checks };
}

/** How many defects and notes there are: what the list shows as a mark. */
export function countFindings(fit: FitToRead): { readonly defects: number; readonly notes: number } {
  const count = (state: OrderCheckState): number => fit.checks.filter((check) => check.state === state).length;
  return { defects: count('defect'), notes: count('note') };
}
