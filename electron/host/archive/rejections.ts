import { type Rejected, type RejectionNote, rejectedBy } from '../../../shared/domain/rejection/index.ts';
import { coveredInstances, type StudyUid } from '../../../shared/domain/study/index.ts';
import { text as firstText } from '../../../shared/interop/dicom-json/index.ts';
import { keyObjectClass, readRejectionNote } from '../../../shared/interop/dicom-sr/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import type { ArchiveClient, ArchiveFailure, InstanceSummary } from './types.ts';

/** What rejection notes (IHE IOCM) say of the studies of an archive. */
export type RejectionBook = {
  /** The notes among these instances. An archive that cannot be asked for one now is an error: nothing may be concluded without it. */
  among(study: StudyUid, list: readonly InstanceSummary[]): Promise<Result<readonly RejectionNote[], ArchiveFailure>>;
  /** What is rejected of a study; as last known where the archive is silent. Asked anew at most every half minute. */
  of(study: StudyUid): Promise<ReadonlyMap<string, Rejected>>;
  /** How many of them are images: a report of ours that a note takes back is a document, and counts as one already. */
  imagesOf(study: StudyUid): Promise<number>;
};

type Known = { readonly rejected: ReadonlyMap<string, Rejected>; readonly images: number };
const nothing: Known = { rejected: new Map(), images: 0 };

/** More key objects than these in one study are not looked into; the log says so. */
const mostNotes = 500;
const mostKept = 20_000;
/** Milliseconds for which an answer is believed. */
const believedFor = 30_000;

/** Failures that pass. Any other is the archive's last word on that object, which then rejects nothing. */
const passing: ReadonlySet<ArchiveFailure['code']> = new Set(['unreachable', 'timeout', 'unauthorised']);

export function createRejectionBook(
  archive: Pick<ArchiveClient, 'name' | 'instances' | 'instanceMetadata' | 'describeSeries'>,
  ports: Pick<Ports, 'now' | 'log'>,
): RejectionBook {
  /** By the key object's own UID, which never changes what it says. Null: read, and no rejection. */
  const read = new Map<string, RejectionNote | null>();
  const believed = new Map<string, { readonly at: number; readonly known: Promise<Known> }>();

  const note = async (study: StudyUid, one: InstanceSummary): Promise<Result<RejectionNote | null, ArchiveFailure>> => {
    const known = read.get(one.instanceUid);
    if (known !== undefined) return ok(known);
    const found = await archive.instanceMetadata(study, one.seriesUid, one.instanceUid);
    if (!found.ok && passing.has(found.error.code)) return found;
    if (!found.ok)
      ports.log.warn('a key object cannot be read; what it may reject is not known', { code: found.error.code });
    const said = found.ok ? readRejectionNote(found.value) : null;
    // What the archive cannot give today it may give tomorrow; what was read stays read.
    if (found.ok) {
      if (read.size >= mostKept) read.clear();
      read.set(one.instanceUid, said);
    }
    return ok(said);
  };

  const among: RejectionBook['among'] = async (study, list) => {
    const objects = list.filter(
      (one) => one.sopClassUid === keyObjectClass || (one.sopClassUid === '' && one.modality === 'KO'),
    );
    if (objects.length > mostNotes)
      ports.log.warn('a study holds more key objects than are looked into', {
        archive: archive.name,
        count: objects.length,
      });
    const notes: RejectionNote[] = [];
    for (const one of objects.slice(0, mostNotes)) {
      const said = await note(study, one);
      if (!said.ok) return said;
      if (said.value !== null) notes.push(said.value);
    }
    return ok(notes);
  };

  /**
   * True where each series says its modality and none is of key objects, which are KO (PS3.3 C.17.6.1): one row a series instead of one for
   * each image, before the first image is given out.
   */
  const hasNoNotes = async (study: StudyUid): Promise<boolean> => {
    const series = await archive.describeSeries(study);
    if (!series.ok || series.value.length === 0) return false;
    return series.value.every((row) => !['', 'KO'].includes(firstText(row, '00080060') ?? ''));
  };

  const ask = async (study: StudyUid, before: Known): Promise<Known> => {
    if (await hasNoNotes(study)) return nothing;
    const list = await archive.instances(study);
    if (!list.ok) return before;
    const notes = await among(study, list.value);
    if (!notes.ok) return before;
    // A note may name what was never sent or is gone: only what is there is set aside.
    const held = new Set<string>(list.value.map((one) => one.instanceUid));
    const rejected = new Map([...rejectedBy(study, notes.value)].filter(([uid]) => held.has(uid)));
    return { rejected, images: coveredInstances(list.value).filter((one) => rejected.has(one.instanceUid)).length };
  };

  const knownOf = async (study: StudyUid): Promise<Known> => {
    const last = believed.get(study);
    if (last !== undefined && ports.now() - last.at < believedFor) return last.known;
    const before = last === undefined ? nothing : await last.known;
    const known = ask(study, before).catch(() => before);
    if (believed.size >= mostKept) believed.clear();
    believed.set(study, { at: ports.now(), known });
    return known;
  };

  return {
    among,
    of: async (study) => (await knownOf(study)).rejected,
    imagesOf: async (study) => (await knownOf(study)).images,
  };
}
