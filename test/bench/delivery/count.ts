import type { Life, LifeVersion } from './lives.ts';

/** `archive` is the SR there, `pdf` the signed PDF beside it, `imr` a FHIR server of the site's own. */
export const channels = ['record', 'archive', 'pdf', 'hl7', 'imr'] as const;
export type ReceiverName = (typeof channels)[number];

/** One version as a receiver has it, told by what the receiver itself says of it. */
export type Arrival = {
  readonly receiver: ReceiverName;
  readonly accession: string;
  /** The version that these bytes are of; null where they are of none that was ever signed. */
  readonly version: number | null;
  /** The receiver filed it once already and, by its own rule, did not file it again. */
  readonly again: boolean;
  /** Its patient and its physician are those of the order. */
  readonly rightPeople: boolean;
};

export type Counted = {
  /** A version that a receiver has not; one that was withdrawn before it went out need not be there, its withdrawal must. */
  readonly lost: number;
  /** Filed twice, or never signed at all. */
  readonly doubled: number;
  /** Came after a later version of the same report. */
  readonly reordered: number;
  /** The last that a receiver filed is not the newest version. */
  readonly notCurrent: number;
  /** A preliminary after a final of the same report. */
  readonly preliminaryAfterFinal: number;
  readonly wrongPeople: number;
  /** Came again and was not filed again: what at-least-once costs. */
  readonly again: number;
};

export function isWithdrawn(life: Life): boolean {
  return life.versions.at(-1)?.content.kind === 'withdrawal';
}

function isFinal(version: LifeVersion | undefined): boolean {
  return version !== undefined && version.content.kind !== 'preliminary';
}

/** What the receivers have against what was signed. `arrivals` of each receiver in the order in which it took them. */
export function count(lives: readonly Life[], arrivals: readonly Arrival[]): Counted {
  const byPlace = new Map<string, Arrival[]>();
  for (const one of arrivals) {
    const key = `${one.receiver}|${one.accession}`;
    const list = byPlace.get(key);
    if (list === undefined) byPlace.set(key, [one]);
    else list.push(one);
  }
  const known = new Set(lives.map((life) => life.accession));
  const sum = { lost: 0, doubled: 0, reordered: 0, notCurrent: 0, preliminaryAfterFinal: 0, wrongPeople: 0, again: 0 };
  for (const one of arrivals) {
    if (!known.has(one.accession) || one.version === null) sum.doubled += 1;
    if (!one.rightPeople) sum.wrongPeople += 1;
    if (one.again) sum.again += 1;
  }
  for (const life of lives)
    for (const receiver of channels) {
      const here = (byPlace.get(`${receiver}|${life.accession}`) ?? []).filter((one) => one.version !== null);
      const filed = here.filter((one) => !one.again).map((one) => one.version ?? 0);
      const newest = life.versions.length;
      for (let version = 1; version <= newest; version += 1) {
        const times = filed.filter((one) => one === version).length;
        if (times === 0 && (version === newest || !isWithdrawn(life))) sum.lost += 1;
        if (times > 1) sum.doubled += times - 1;
      }
      let highest = 0;
      let final = false;
      for (const { version } of here) {
        const of = life.versions[(version ?? 0) - 1];
        if ((version ?? 0) < highest) sum.reordered += 1;
        if (final && !isFinal(of)) sum.preliminaryAfterFinal += 1;
        highest = Math.max(highest, version ?? 0);
        final ||= isFinal(of);
      }
      if (here.length > 0 && here.at(-1)?.version !== newest) sum.notCurrent += 1;
    }
  return sum;
}
