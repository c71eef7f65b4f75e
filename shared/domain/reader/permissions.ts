import type { Role } from './reader.ts';

/** What a person may ask of the program. Those above the line are about one case, the others about none. */
export const caseActions = [
  'look',
  /** Claims and opens; after the report is released, opens it again for an addendum or a correction. */
  'read',
  'renew-claim',
  'release-claim',
  'pass',
  'hold',
  'resume',
  'reassign',
  'see-colleagues',
  'ask-look',
  'suspend',
  'see-pace',
  'answer-look',
  'resolve-identity',
  'draft',
  'sign',
  /** Of a report whose writer may not issue it: gives it to somebody who may, takes it back, sends it back to her. */
  'give-to-sign',
  'take-back',
  'send-back',
  /** Takes a released report back as entered in error; whose it must be is decided by the report. */
  'withdraw-report',
  'see-withdrawal',
  'see-report',
  'see-timeline',
  'see-order-checks',
  'see-delivery',
  'enter-downtime-read',
  'close-case',
  /** Messages between reader, lead and site about a case. */
  'see-messages',
  'write-message',
  /** Images that came, changed or went after the report was signed. */
  'see-images-after-report',
  'end-images-after-report',
  /** Critical results: see them, begin one, and record whom one has told. */
  'see-criticals',
  'communicate-critical',
  /** Recommended exams: see them, confirm one, and record what became of it. */
  'see-follow-ups',
  'track-follow-up',
  /** Gives a person outside one report to open: link and code. */
  'make-physician-link',
] as const;
export const otherActions = [
  'list',
  'search',
  'next-study',
  'see-open-images-after-report',
  'see-open-criticals',
  'see-open-follow-ups',
  'see-billing',
  'see-upkeep',
  /** Readers' computers: who has one, and an end to a lost one. */
  'manage-devices',
  /** How the screens of all readers stand. */
  'see-display-checks',
  'retry-delivery',
  /** What was refused or does not get through: the lead all, a reader what she signed. */
  'see-delivery-troubles',
  'manage-accounts',
  /** Report templates and macros: use them, keep one's own, keep those of sites and of the group. */
  /** Reports that were withdrawn, and what is still open of each. */
  'see-withdrawals',
  /** Finals that others signed over her preliminaries. */
  'see-overreads',
  'see-templates',
  'keep-own-templates',
  'keep-group-templates',
  /** How often each check before signing fired and was overridden; what the group turns down. */
  'see-check-figures',
  'keep-checks',
  /** Where sites' reports go beside record and archive. */
  'set-channels',
] as const;
export type CaseAction = (typeof caseActions)[number];
export type OtherAction = (typeof otherActions)[number];
export type Action = CaseAction | OtherAction;

/** States of a reading task (DESIGN 4), and `none` for what is about no case. Who holds a claim is the lease's matter, not the table's. */
export const caseStates = ['queued', 'claimed', 'reading', 'held', 'completed', 'cancelled'] as const;
export type CaseState = (typeof caseStates)[number];

const any: readonly CaseState[] = caseStates;
/** Work that is not done yet. */
const open: readonly CaseState[] = ['queued', 'claimed', 'reading', 'held'];
const readable: readonly CaseState[] = [...open, 'completed'];
const never: readonly CaseState[] = [];

type ByRole<Rule> = Readonly<Record<Role, Rule>>;
const forReaders = (states: readonly CaseState[]): ByRole<readonly CaseState[]> => ({
  radiologist: states,
  lead: states,
  qa: never,
  site: never,
});
const forLookers = (states: readonly CaseState[]): ByRole<readonly CaseState[]> => ({
  ...forReaders(states),
  qa: states,
});

/**
 * The one table of who may do what in which state of a case. The host asks it at every call; the page hides or disables by it and by
 * nothing else. A site's desk has its own page and may do nothing here.
 */
const caseTable: Readonly<Record<CaseAction, ByRole<readonly CaseState[]>>> = {
  look: forLookers(any),
  read: forReaders(readable),
  'renew-claim': forReaders(open),
  'release-claim': forReaders(open),
  pass: forReaders(open),
  hold: forReaders(open),
  resume: forReaders(open),
  reassign: forReaders(open),
  'see-colleagues': forReaders(any),
  'ask-look': forReaders(open),
  suspend: forReaders(open),
  'see-pace': forReaders(any),
  'answer-look': forReaders(any),
  'resolve-identity': forReaders(readable),
  // Words are never refused a place: a case that was cancelled under her hands keeps them.
  draft: forReaders(any),
  sign: forReaders(readable),
  'give-to-sign': forReaders(open),
  'take-back': forReaders(open),
  'send-back': forReaders(open),
  // Also of a study whose order was cancelled since.
  'withdraw-report': forReaders(any),
  'see-withdrawal': forLookers(any),
  'see-report': forLookers(any),
  'see-timeline': forLookers(any),
  'see-order-checks': forLookers(any),
  'see-delivery': forLookers(any),
  // Also after the report: the paper turns up when it turns up.
  'enter-downtime-read': forReaders(any),
  'close-case': forLookers(any),
  // A patient comes back after the report: also what is done can be written about. A peer reviewer reads blind.
  'see-messages': forReaders(any),
  'write-message': forReaders(any),
  // They come after the report, and also after an order was cancelled under it.
  'see-images-after-report': forReaders(any),
  'end-images-after-report': forReaders(any),
  // A finding is phoned whatever stands in the way of a report, and after it too. A peer reviewer reads blind.
  'see-criticals': forReaders(any),
  'communicate-critical': forReaders(any),
  // They fall due months after the report, and also after an order was cancelled under it. A peer reviewer reads blind.
  'see-follow-ups': forReaders(any),
  'track-follow-up': forReaders(any),
  // Whether a version is released is the report's matter; a cancelled order's report may have to be shown too.
  'make-physician-link': forReaders(any),
};

const otherTable: Readonly<Record<OtherAction, readonly Role[]>> = {
  list: ['radiologist', 'lead', 'qa'],
  search: ['radiologist', 'lead', 'qa'],
  'next-study': ['radiologist', 'lead'],
  'see-open-images-after-report': ['radiologist', 'lead'],
  'see-open-criticals': ['radiologist', 'lead'],
  'see-open-follow-ups': ['radiologist', 'lead'],
  'see-billing': ['lead'],
  'see-upkeep': ['lead'],
  'manage-devices': ['lead'],
  'see-display-checks': ['lead', 'qa'],
  'retry-delivery': ['radiologist', 'lead'],
  'see-delivery-troubles': ['radiologist', 'lead'],
  'manage-accounts': ['lead'],
  'see-withdrawals': ['radiologist', 'lead', 'qa'],
  'see-overreads': ['radiologist', 'lead'],
  'see-templates': ['radiologist', 'lead', 'qa'],
  'keep-own-templates': ['radiologist', 'lead'],
  'keep-group-templates': ['lead'],
  'see-check-figures': ['lead', 'qa'],
  'keep-checks': ['lead'],
  'set-channels': ['lead'],
};

function isCaseAction(action: Action): action is CaseAction {
  return Object.hasOwn(caseTable, action);
}

/** Whether a role may do it in some state. */
export function can(role: Role, action: Action): boolean {
  return isCaseAction(action) ? caseTable[action][role].length > 0 : otherTable[action].includes(role);
}

export type Permission =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: 'role' | 'state'; readonly words: string };

const roleWords: ByRole<string> = {
  radiologist: 'a radiologist',
  lead: 'a lead',
  qa: 'a QA reviewer',
  site: 'a site’s desk',
};
const stateWords: Readonly<Record<CaseState, string>> = {
  queued: 'waits to be read',
  claimed: 'is claimed',
  reading: 'is being read',
  held: 'is on hold',
  completed: 'is read',
  cancelled: 'was cancelled',
};

/** Whether a role may do something to a case in that state, and if not, whose fault it is and in words. */
export function may(role: Role, action: CaseAction, state: CaseState): Permission {
  const states = caseTable[action][role];
  if (states.includes(state)) return { allowed: true };
  if (states.length === 0) {
    const instead = action === 'read' && can(role, 'look') ? ' Look opens it without a claim.' : '';
    return { allowed: false, because: 'role', words: `Not for ${roleWords[role]}.${instead}` };
  }
  return { allowed: false, because: 'state', words: `This study ${stateWords[state]}; that is not possible now.` };
}
