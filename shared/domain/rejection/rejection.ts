/** Titles that reject (PS3.16 CID 7011; IHE RAD TF-3 4.66.4.1.3.1), gravest first. */
export const rejectionCodes = ['113037', '113038', '113039', '113001'] as const;
export type RejectionCode = (typeof rejectionCodes)[number];

export const rejectionWords: Readonly<Record<RejectionCode, string>> = {
  '113037': 'rejected for patient safety',
  '113038': 'rejected: made under a wrong worklist entry',
  '113039': 'rejected: their retention time has ended',
  '113001': 'rejected for quality',
};

/** One Key Object Selection that rejects instances of its own study. Texts are as received. */
export type RejectionNote = {
  /** SOP Instance UID of the note itself. */
  readonly noteUid: string;
  readonly studyUid: string;
  readonly code: RejectionCode;
  /** SOP Instance UIDs that it names, each once, sorted. */
  readonly instances: readonly string[];
  /** Who sent it: the observer it names (121008), the place (0008,0080) or the machine's maker (0008,0070); null where it says none. */
  readonly sentBy: string | null;
};

/** Why one instance is set aside, by the gravest note that names it. */
export type Rejected = { readonly code: RejectionCode; readonly noteUid: string; readonly sentBy: string | null };

const gravity = (code: RejectionCode): number => rejectionCodes.indexOf(code);

/**
 * The instances that notes of this very study reject. A graver reason outweighs another, whichever note came first; no note of another
 * study rejects anything here.
 */
export function rejectedBy(studyUid: string, notes: readonly RejectionNote[]): ReadonlyMap<string, Rejected> {
  const rejected = new Map<string, Rejected>();
  const inOrder = [...notes].sort(
    (one, other) => gravity(one.code) - gravity(other.code) || (one.noteUid < other.noteUid ? -1 : 1),
  );
  for (const { noteUid, code, sentBy, instances, studyUid: of } of inOrder) {
    if (of !== studyUid) continue;
    for (const uid of instances) if (!rejected.has(uid)) rejected.set(uid, { code, noteUid, sentBy });
  }
  return rejected;
}

/** What is rejected for quality alone may be asked for (IHE RAD TF-3 4.66.4.1.3.1); nothing else is ever given out. */
export function isHidden(rejected: Rejected | undefined): boolean {
  return rejected !== undefined && rejected.code !== '113001';
}

/** What is left of a list. The notes themselves stay in it: they are documents and reject nobody but images. */
export function withoutRejected<Instance extends { readonly instanceUid: string }>(
  list: readonly Instance[],
  rejected: ReadonlyMap<string, unknown>,
): readonly Instance[] {
  return list.filter((one) => !rejected.has(one.instanceUid));
}

/** One note as it stands against a report: what it names of the images that the signature covers. */
export type NoteAgainst = {
  readonly noteUid: string;
  readonly code: RejectionCode;
  readonly sentBy: string | null;
  /** Sorted. */
  readonly instances: readonly string[];
};

/** Notes that reject images which a signature covers, the gravest first; none where it covers none of theirs. */
export function notesAgainst(
  covered: Iterable<string>,
  rejected: ReadonlyMap<string, Rejected>,
): readonly NoteAgainst[] {
  const byNote = new Map<string, { readonly of: Rejected; readonly instances: string[] }>();
  for (const uid of new Set(covered)) {
    const of = rejected.get(uid);
    if (of === undefined) continue;
    const entry = byNote.get(of.noteUid) ?? { of, instances: [] };
    entry.instances.push(uid);
    byNote.set(of.noteUid, entry);
  }
  return [...byNote.values()]
    .map(({ of: { noteUid, code, sentBy }, instances }) => ({ noteUid, code, sentBy, instances: instances.sort() }))
    .sort((one, other) => gravity(one.code) - gravity(other.code) || (one.noteUid < other.noteUid ? -1 : 1));
}

/** "2 images rejected for patient safety (113037), by J. Smith, Larkspur". */
export function noteAgainstWords({ code, sentBy, instances }: NoteAgainst): string {
  const count = instances.length === 1 ? '1 image' : `${instances.length} images`;
  return `${count} ${rejectionWords[code]} (${code}), ${sentBy === null ? 'by a note that names nobody' : `by ${sentBy}`}`;
}
