/**
 * How a report over several exams is released: each exam's task is decided by a write of its own (DESIGN 2.2, one resource decides), so
 * the whole is never one write. Before the first of them everything is asked for every exam, and one refusal gives the whole back. Once
 * one exam is released nothing takes it away again: another that is refused then is given back alone, and says so.
 */
export type MemberStanding = 'waiting' | 'released' | 'returned';

/** What asking about one exam came to, without writing. `ready` only for those that wait. */
export type MemberCheck =
  | { readonly kind: 'ready' }
  /** The record holds this very version already: the write was won before a kill or a lost answer. */
  | { readonly kind: 'released' }
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'give-back'; readonly reason: string };

export type Member = {
  /** Names the exam for people: its accession, else its exam. */
  readonly name: string;
  readonly standing: MemberStanding;
  /** Of one that waits; ignored for others. */
  readonly check: MemberCheck;
  /** Why it was given back; null for others. */
  readonly returned: string | null;
};

export type TogetherStep =
  /** Nothing is decided now. */
  | { readonly kind: 'wait'; readonly why: string }
  /** Nothing waits any more. */
  | { readonly kind: 'over' }
  /** Release these, one after the other, in this order. */
  | { readonly kind: 'release'; readonly which: readonly number[] }
  /** Give these back with these words. */
  | { readonly kind: 'give-back'; readonly which: readonly number[]; readonly reason: string };

function places(members: readonly Member[], fits: (member: Member) => boolean): readonly number[] {
  return members.flatMap((member, place) => (fits(member) ? [place] : []));
}

function isOut(member: Member): boolean {
  return member.standing === 'released' || (member.standing === 'waiting' && member.check.kind === 'released');
}

/** What is to be done next, by what every exam says now. A kill between two writes asks it anew and goes on from there. */
export function stepTogether(members: readonly Member[]): TogetherStep {
  const waiting = places(members, (member) => member.standing === 'waiting');
  if (waiting.length === 0) return { kind: 'over' };
  if (members.some(isOut)) return afterFirst(members, waiting);
  // The whole was being given back when the host died: the rest of it goes the same way.
  const began = members.find((member) => member.standing === 'returned');
  if (began !== undefined)
    return {
      kind: 'give-back',
      which: waiting,
      reason: began.returned ?? 'Another exam of this report was given back.',
    };
  // One that cannot be asked may be out already, by a write whose answer a kill took: nothing is given back before all have answered.
  for (const member of members) {
    if (member.check.kind === 'later') return { kind: 'wait', why: `${member.name}: ${member.check.why}` };
  }
  for (const member of members) {
    if (member.check.kind !== 'give-back') continue;
    const reason = `${member.name}: ${member.check.reason} Nothing of this report was released; all its exams come back with their words.`;
    return { kind: 'give-back', which: waiting, reason };
  }
  return { kind: 'release', which: waiting };
}

/** One is out: it stays out, and the others follow as they can. */
function afterFirst(members: readonly Member[], waiting: readonly number[]): TogetherStep {
  const out = members.filter(isOut).map((member) => member.name);
  const refused = waiting.find((place) => members[place]?.check.kind === 'give-back');
  const ready = waiting.filter((place) => {
    const kind = members[place]?.check.kind;
    return kind === 'ready' || kind === 'released';
  });
  if (ready.length > 0) return { kind: 'release', which: ready };
  const member = refused === undefined ? undefined : members[refused];
  if (refused !== undefined && member?.check.kind === 'give-back') {
    const reason = `${member.check.reason} The same report is released under ${out.join(', ')} already; under ${member.name} it is not.`;
    return { kind: 'give-back', which: [refused], reason };
  }
  const later = members[waiting[0] ?? 0];
  return { kind: 'wait', why: later?.check.kind === 'later' ? `${later.name}: ${later.check.why}` : 'Trying again.' };
}
