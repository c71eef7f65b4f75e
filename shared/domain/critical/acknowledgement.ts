import type { CriticalLevel } from './level.ts';

/** By which way somebody was tried to reach, or reached. */
export const contactWays = [
  'phone',
  'in-person',
  'video',
  /** Rang, and nobody took it. */
  'no-answer',
  'voice-mail',
  'pager',
  'text-message',
  'fax',
  'portal',
  /** A system said that it has it: a fax log, an HL7 acknowledgement, a read receipt. */
  'receipt',
  /** Typed by the physician on the page that a one-time code opens. */
  'page',
] as const;
export type ContactWay = (typeof contactWays)[number];

export const wayWords: Readonly<Record<ContactWay, string>> = {
  phone: 'by phone',
  'in-person': 'in person',
  video: 'by video',
  'no-answer': 'no answer',
  'voice-mail': 'voice mail',
  pager: 'pager',
  'text-message': 'text message',
  fax: 'fax',
  portal: 'portal message',
  receipt: 'receipt of a system',
  page: 'on the physician’s page',
};

/** Two people spoke with each other. */
export const spokenWays = ['phone', 'in-person', 'video'] as const;
export type SpokenWay = (typeof spokenWays)[number];

export function isSpoken(way: ContactWay): way is SpokenWay {
  return spokenWays.some((one) => one === way);
}

/** Who was reached. Those that are licensed may act on what they are told. */
export const caregiverRoles = [
  'physician',
  'resident',
  'nurse-practitioner',
  'physician-assistant',
  'nurse',
  'midwife',
  'technologist',
  'clerk',
  'other',
] as const;
export type CaregiverRole = (typeof caregiverRoles)[number];

export const caregiverWords: Readonly<Record<CaregiverRole, string>> = {
  physician: 'physician',
  resident: 'resident physician',
  'nurse-practitioner': 'nurse practitioner',
  'physician-assistant': 'physician assistant',
  nurse: 'registered nurse',
  midwife: 'midwife',
  technologist: 'technologist',
  clerk: 'clerk',
  other: 'somebody else',
};

const licensed: ReadonlySet<CaregiverRole> = new Set([
  'physician',
  'resident',
  'nurse-practitioner',
  'physician-assistant',
  'nurse',
  'midwife',
]);

export function isLicensed(role: CaregiverRole): boolean {
  return licensed.has(role);
}

/** What somebody gave back of what she was told. */
export type Acknowledgement = {
  readonly way: ContactWay;
  readonly role: CaregiverRole;
  /** She said that she can act on it: it is her patient, or she takes it to whose it is at once. */
  readonly canAct: boolean;
};

/**
 * Whether it closes a critical result of that level, and if not why. Level 1 closes by a spoken conversation alone; 2 and 3 also by a
 * read-back that a person typed on the physician's page. Whatever else there is - voice mail, fax, portal, receipts of systems - is an
 * attempt (Joint Commission NPSG.02.03.01: a person who can act has it, not a device).
 */
export function closesLevel(
  level: CriticalLevel,
  { way, role, canAct }: Acknowledgement,
): { readonly closes: true } | { readonly closes: false; readonly words: string } {
  const not = (words: string) => ({ closes: false, words }) as const;
  const spoken = isSpoken(way);
  if (level === 1 && !spoken)
    return not(
      way === 'page'
        ? 'Level 1 closes only with a spoken conversation: a read-back on the page is an attempt.'
        : 'Level 1 closes only with a spoken conversation. This is an attempt.',
    );
  if (!spoken && way !== 'page')
    return not(`What went out as ${wayWords[way]} is an attempt: nobody has read it back.`);
  if (!isLicensed(role))
    return not(`A ${caregiverWords[role]} is no licensed caregiver: this is an attempt. Ask for somebody who can act.`);
  if (!canAct) return not('Somebody who cannot act on it closes nothing: ask for who can.');
  return { closes: true };
}
