import type { Instant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Person } from '../question/index.ts';
import type { Role } from '../reader/index.ts';

/**
 * Who writes to whom about a case. `reader` is whoever has the case, `lead` any lead, `site` the desk of the site that made the exam: an
 * address is a duty and not a person, so that no message waits for somebody who has gone home.
 */
export const parties = ['reader', 'lead', 'site'] as const;
export type Party = (typeof parties)[number];

/** A message between reader, lead and site about one case. It is no part of a report and never reaches the ordering physician. */
export type Message = {
  readonly id: string;
  /** The reading task that it is about. */
  readonly taskId: string;
  readonly orderId: string | null;
  /** Logical id of the Organization that made the exam; null where no order names one. */
  readonly siteId: string | null;
  /** Logical id of the Patient in the record; null where no order named one. */
  readonly patientReference: string | null;
  readonly from: Party;
  readonly to: Party;
  readonly sender: Person;
  readonly sentAt: Instant;
  /** Plain text. */
  readonly words: string;
  /** The first of those addressed to whom it was shown; null while nobody has seen it. */
  readonly seen: { readonly by: Person; readonly at: Instant } | null;
};

/** Characters. Longer things are said on the phone. */
export const longestMessage = 2_000;

/** As whom somebody of that role writes; null for whom messages are none of: a peer reviewer reads blind. */
export function partyOf(role: Role): Party | null {
  return ({ radiologist: 'reader', lead: 'lead', site: 'site', qa: null } as const)[role];
}

/** To whom somebody of that role may write. A case of which no site is known has no desk to write to. */
export function mayWriteTo(role: Role, siteIsKnown: boolean): readonly Party[] {
  const own = partyOf(role);
  if (own === null) return [];
  return parties.filter((one) => one !== own && (one !== 'site' || siteIsKnown));
}

/** Whether somebody of that role may see it: the group sees all of a case, a desk what it wrote or was written. */
export function maySeeMessage(message: Pick<Message, 'from' | 'to'>, role: Role): boolean {
  if (role === 'site') return message.from === 'site' || message.to === 'site';
  return partyOf(role) !== null;
}

export type Viewer = { readonly id: string; readonly role: Role };

/**
 * Whether it waits for this person. What is for the reader is for whoever has the case; while nobody has it, for any radiologist, so that
 * it is not seen by nobody. What somebody wrote herself never waits for her.
 */
export function waitsFor(
  message: Pick<Message, 'to' | 'sender' | 'seen'>,
  viewer: Viewer,
  holder: string | null,
): boolean {
  if (message.seen !== null || message.sender.id === viewer.id) return false;
  if (message.to !== 'reader') return partyOf(viewer.role) === message.to;
  return holder === null ? viewer.role === 'radiologist' : holder === viewer.id;
}

/** The same of a list's counts. A count does not tell who wrote; nobody writes to her own duty. */
export function waitingForMe(
  counts: { readonly forReader: number; readonly forLead: number },
  viewer: Viewer,
  holder: string | null,
): number {
  const asReader = holder === null ? viewer.role === 'radiologist' : holder === viewer.id;
  return (asReader && viewer.role !== 'qa' ? counts.forReader : 0) + (viewer.role === 'lead' ? counts.forLead : 0);
}

/** Marks that turn text around on screen (U+202A-202E, U+2066-2069 and the like) and control characters other than the line's end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the purpose
const unshown = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** What was typed, as it may stand on a screen: plain lines that show what they hold. */
export function plainWords(typed: string): string {
  return typed.toWellFormed().replace(/\r\n?/g, '\n').replace(unshown, '').trim();
}

export type MessageRefusal = {
  readonly code: 'nothing-said' | 'too-long' | 'not-to-them';
  readonly words: string;
};

export function writeMessage(draft: Omit<Message, 'from' | 'seen'>, role: Role): Result<Message, MessageRefusal> {
  const from = partyOf(role);
  if (from === null || !mayWriteTo(role, draft.siteId !== null).includes(draft.to))
    return err({
      code: 'not-to-them',
      words:
        draft.to === 'site' && draft.siteId === null
          ? 'This study has no order that names a site: there is no desk to write to. Phone.'
          : 'You cannot write to them about this study.',
    });
  const words = plainWords(draft.words);
  if (words === '') return err({ code: 'nothing-said', words: 'Write something first.' });
  if (words.length > longestMessage)
    return err({ code: 'too-long', words: `A message has at most ${longestMessage} characters. Phone instead.` });
  return ok({ ...draft, from, words, seen: null });
}

/** It was shown to one of those it is for. The first look stays: later ones say nothing new. */
export function seeMessage(message: Message, by: Person, now: Instant): Message {
  if (message.seen !== null) return message;
  return { ...message, seen: { by, at: now > message.sentAt ? now : message.sentAt } };
}

export const partyWords: Readonly<Record<Party, string>> = { reader: 'the reader', lead: 'the lead', site: 'the site' };
