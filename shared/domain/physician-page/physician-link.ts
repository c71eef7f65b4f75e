import { after, type Instant, type Millis, millis } from '../../lib/instant.ts';

/** How long a link waits for its code, and how long the report may be looked at again after it was opened. */
export const linkLasts: Millis = millis(72 * 3_600_000);
export const viewLasts: Millis = millis(30 * 60_000);
/** Wrong codes after which a link is locked: of 10^8 codes, five guesses hit with a chance of 1 in 20 million. */
export const mostWrongCodes = 5;
/** Digits of a code: they are read aloud over the phone. */
export const codeLength = 8;

/**
 * A link to one report for one person outside, and what became of it. The link's secret part and its code are told once and kept as keyed
 * marks alone. The code opens once: afterwards only the same press of Open is answered again, for `viewLasts`.
 */
export type PhysicianLink = {
  readonly id: string;
  readonly taskId: string;
  readonly reportId: string;
  /** The newest version when it was made; the page always shows the newest of now. */
  readonly version: number;
  readonly madeBy: { readonly id: string; readonly name: string };
  readonly madeAt: Instant;
  /** To whom it was given, in the maker's words. */
  readonly recipient: string;
  readonly expiresAt: Instant;
  readonly codeMark: string;
  readonly wrongCodes: number;
  readonly opening: { readonly pressMark: string; readonly at: Instant; readonly until: Instant } | null;
  /** Each version that was put before the person, once, when it was first. */
  readonly shown: readonly ShownVersion[];
  readonly ended: { readonly by: string; readonly at: Instant } | null;
};

export type ShownVersion = { readonly version: number; readonly digest: string; readonly at: Instant };

/** What a link is at a moment: `waiting` for its code, or why nothing comes of it any more. */
export type LinkStanding = 'waiting' | 'opened' | 'expired' | 'locked' | 'ended';

export function linkStanding(link: PhysicianLink, now: Instant): LinkStanding {
  if (link.ended !== null) return 'ended';
  if (link.opening !== null) return 'opened';
  if (link.wrongCodes >= mostWrongCodes) return 'locked';
  return now >= link.expiresAt ? 'expired' : 'waiting';
}

/**
 * What a press of Open comes to. `refused` tells nothing to who has not the code; the others are said to who has it. `again`: the same
 * press once more (the answer was lost, the page was loaded anew).
 */
export type PressAnswer = 'open' | 'again' | 'refused' | 'expired' | 'used' | 'ended';

/** Judges a press of Open. Pure: the link as it is to be kept comes with the answer, and the answer holds only once it is kept. */
export function pressOpen(
  link: PhysicianLink,
  press: { readonly codeMark: string; readonly pressMark: string },
  now: Instant,
): { readonly link: PhysicianLink; readonly answer: PressAnswer } {
  // The same press was right before: wrong codes of others do not take the report out of the hands of who opened it.
  const { opening } = link;
  const same = opening !== null && opening.pressMark === press.pressMark && link.codeMark === press.codeMark;
  if (same && link.ended === null && now < opening.until) return { link, answer: 'again' };
  if (link.wrongCodes >= mostWrongCodes) return { link, answer: 'refused' };
  if (link.codeMark !== press.codeMark)
    return { link: { ...link, wrongCodes: link.wrongCodes + 1 }, answer: 'refused' };
  if (link.ended !== null) return { link, answer: 'ended' };
  if (opening !== null) return { link, answer: 'used' };
  if (now >= link.expiresAt) return { link, answer: 'expired' };
  return {
    link: { ...link, opening: { pressMark: press.pressMark, at: now, until: after(now, viewLasts) } },
    answer: 'open',
  };
}

/** Whether who opened it may look again, without the code: it is the same press, and its time is not over. */
export function mayLookAgain(link: PhysicianLink, pressMark: string, now: Instant): boolean {
  const { opening } = link;
  return link.ended === null && opening !== null && opening.pressMark === pressMark && now < opening.until;
}

/** Notes what is put before the person; a version counts from the first time. */
export function withShown(
  link: PhysicianLink,
  versions: readonly { readonly version: number; readonly digest: string }[],
  now: Instant,
): PhysicianLink {
  const fresh = versions.filter((one) => !link.shown.some((known) => known.digest === one.digest));
  if (fresh.length === 0) return link;
  return { ...link, shown: [...link.shown, ...fresh.map(({ version, digest }) => ({ version, digest, at: now }))] };
}

/** Ends a link, opened or not: whoever has it sees nothing more. */
export function endLink(link: PhysicianLink, by: string, now: Instant): PhysicianLink {
  return link.ended === null ? { ...link, ended: { by, at: now } } : link;
}

/** Digits alone, however it was typed: "4821 0937", "4821-0937". Null where it cannot be a code. */
export function typedCode(text: string): string | null {
  const digits = text.replace(/[\s.\-–]/gu, '');
  return digits.length === codeLength && /^[0-9]+$/.test(digits) ? digits : null;
}

/** As it is read aloud and shown: "4821 0937". */
export function spokenCode(code: string): string {
  return `${code.slice(0, codeLength / 2)} ${code.slice(codeLength / 2)}`;
}

/** A code out of random bytes (four a try); null where they came out where they would favour some codes over others. */
export function codeOf(bytes: Uint8Array): string | null {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const value = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const codes = 10 ** codeLength;
  return value >= Math.floor(2 ** 32 / codes) * codes ? null : String(value % codes).padStart(codeLength, '0');
}
