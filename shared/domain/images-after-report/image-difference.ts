import { canonicalJson } from '../../lib/canonical-json.ts';
import { type NoteAgainst, notesAgainst, type Rejected } from '../rejection/index.ts';
import { coveredInstances } from '../study/index.ts';

/** One object of a study as an archive lists it (QIDO-RS, PS3.18 10.6). */
export type ListedImage = {
  readonly instanceUid: string;
  readonly seriesUid: string;
  readonly sopClassUid: string;
  readonly modality: string;
  readonly frames: number;
};

/** What a series is called. Description (0008,103E) and number (0020,0011) as written; empty and null when absent. */
export type SeriesName = {
  readonly seriesUid: string;
  readonly modality: string;
  readonly description: string;
  readonly number: number | null;
};

/**
 * The images that a signature covers. `uids` is what was signed and decides; `known` is what the archive said of them at the release, so
 * that what is gone can still be named. Either part of `known` may lack some of them, or all.
 */
export type SignedImages = {
  readonly uids: readonly string[];
  readonly known: { readonly images: readonly ListedImage[]; readonly series: readonly SeriesName[] };
};

/** What the archive holds now: its word of just now, never an old list. `ours`: UIDs of objects that we stored there ourselves. */
export type PresentImages = {
  readonly images: readonly ListedImage[];
  readonly series: readonly SeriesName[];
  readonly ours: ReadonlySet<string>;
  /** What rejection notes of the study name (IHE IOCM); none of it is among `images`. */
  readonly rejected?: ReadonlyMap<string, Rejected> | undefined;
  /** Those of them that the archive still lists. */
  readonly aside?: readonly ListedImage[] | undefined;
};

/** What became of one series since the signature. Counts are instances. */
export type SeriesChange = {
  /** Null for images that are gone and of which nobody kept in which series they were. */
  readonly seriesUid: string | null;
  readonly modality: string;
  readonly description: string;
  readonly number: number | null;
  readonly added: number;
  /** Under the same UID, yet in another series, of another class or with another number of frames than was signed on. */
  readonly changed: number;
  readonly withdrawn: number;
};

export type ImageDifference = {
  /** By series number, those without one last. Empty: the archive holds what was signed. */
  readonly series: readonly SeriesChange[];
  /** SHA-256 over what came, changed and went, one by one: two hosts that see the same difference name it alike. */
  readonly digest: string;
  /** SHA-256 over the UIDs that a signature of now would cover: a report whose signature covers these covers the difference. */
  readonly presentDigest: string;
  /** Rejection notes that name what the signature covers, the gravest first; absent where there are none. They count as withdrawn. */
  readonly notes?: readonly NoteAgainst[] | undefined;
};

/**
 * The images among what an archive lists: no structured reports and key object selections (those that we store ourselves among them), no
 * presentation states, and nothing that `ours` names.
 */
export function imagesAmong<Image extends ListedImage>(
  listed: readonly Image[],
  ours: ReadonlySet<string>,
): readonly Image[] {
  return coveredInstances(listed).filter((one) => !ours.has(one.instanceUid));
}

/** The digest by which a list of UIDs is known, whatever its order. `sha256` gives lower-case hex over UTF-8. */
export function uidsDigest(uids: Iterable<string>, sha256: (text: string) => string): string {
  return sha256(canonicalJson([...new Set(uids)].sort()));
}

type Tally = { added: number; changed: number; withdrawn: number };

/**
 * Compares what a signature covers with what the archive holds now. Only images come, change or go (`imagesAmong`); a UID that was signed
 * and is there is the same image unless what is known of it says otherwise.
 */
export function imageDifference(
  signed: SignedImages,
  present: PresentImages,
  sha256: (text: string) => string,
): ImageDifference {
  const covered = new Set(signed.uids);
  const known = new Map(signed.known.images.map((one) => [one.instanceUid, one]));
  const listed = new Set(present.images.map((one) => one.instanceUid));
  const now = new Map(imagesAmong(present.images, present.ours).map((one) => [one.instanceUid, one]));
  const tallies = new Map<string | null, Tally>();
  const lines: string[] = [];
  const count = (seriesUid: string | null, what: keyof Tally, line: string): void => {
    const tally = tallies.get(seriesUid) ?? { added: 0, changed: 0, withdrawn: 0 };
    tally[what] += 1;
    tallies.set(seriesUid, tally);
    lines.push(line);
  };
  for (const [uid, image] of now) {
    const before = known.get(uid);
    if (!covered.has(uid)) count(image.seriesUid, 'added', `+${uid}`);
    else if (before !== undefined && isAnother(before, image))
      count(image.seriesUid, 'changed', `~${uid} ${image.seriesUid} ${image.sopClassUid} ${image.frames}`);
  }
  const aside = new Map((present.aside ?? []).map((one) => [one.instanceUid, one]));
  for (const uid of covered) {
    if (listed.has(uid)) continue;
    const before = known.get(uid) ?? aside.get(uid);
    // What is known to have been no image is not missed as one.
    if (before !== undefined && imagesAmong([before], new Set()).length === 0) continue;
    count(before?.seriesUid ?? null, 'withdrawn', `-${uid}`);
  }
  const notes = notesAgainst(covered, present.rejected ?? new Map());
  for (const { noteUid, code, instances } of notes)
    for (const uid of instances) lines.push(`!${uid} ${code} ${noteUid}`);
  const names = new Map([...signed.known.series, ...present.series].map((one) => [one.seriesUid, one]));
  const series = [...tallies].map(([seriesUid, tally]): SeriesChange => {
    const name = seriesUid === null ? undefined : names.get(seriesUid);
    const some = [...now.values(), ...known.values()].find((one) => one.seriesUid === seriesUid);
    return {
      seriesUid,
      modality: name?.modality ?? some?.modality ?? '',
      description: name?.description ?? '',
      number: name?.number ?? null,
      ...tally,
    };
  });
  return {
    series: series.sort(inOrder),
    digest: sha256(canonicalJson(lines.sort())),
    presentDigest: uidsDigest(
      coveredInstances(present.images).map((one) => one.instanceUid),
      sha256,
    ),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** An archive that leaves something out says nothing about it. */
function isAnother(before: ListedImage, now: ListedImage): boolean {
  const classChanged = before.sopClassUid !== '' && now.sopClassUid !== '' && before.sopClassUid !== now.sopClassUid;
  return before.seriesUid !== now.seriesUid || classChanged || before.frames !== now.frames;
}

function inOrder(one: SeriesChange, other: SeriesChange): number {
  const place = (change: SeriesChange): number => change.number ?? Number.MAX_SAFE_INTEGER;
  return place(one) - place(other) || ((one.seriesUid ?? '~') < (other.seriesUid ?? '~') ? -1 : 1);
}

export function isNothing(difference: Pick<ImageDifference, 'series'>): boolean {
  return difference.series.length === 0;
}

/** All series together. */
export function totals(series: readonly SeriesChange[]): Readonly<Tally> {
  const sum = (what: keyof Tally): number => series.reduce((count, one) => count + one[what], 0);
  return { added: sum('added'), changed: sum('changed'), withdrawn: sum('withdrawn') };
}

/** "24 new, 1 changed, 3 withdrawn"; what counts none is left out. */
export function countWords({ added, changed, withdrawn }: Readonly<Tally>): string {
  const parts = [
    ...(added === 0 ? [] : [`${added} new`]),
    ...(changed === 0 ? [] : [`${changed} changed`]),
    ...(withdrawn === 0 ? [] : [`${withdrawn} withdrawn`]),
  ];
  return parts.length === 0 ? 'as signed again' : parts.join(', ');
}

/** "Series 4, CT axial thin: 24 new". Nothing in it names a patient but what a technologist typed into a description. */
export function seriesWords(change: SeriesChange): string {
  const name = [change.modality, change.description].filter((one) => one !== '').join(' ');
  const head =
    change.seriesUid === null
      ? 'Series not known any more'
      : [...(change.number === null ? [] : [`Series ${change.number}`]), ...(name === '' ? [] : [name])].join(', ');
  return `${head === '' ? 'A series' : head}: ${countWords(change)}`;
}
