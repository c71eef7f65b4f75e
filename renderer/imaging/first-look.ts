import type { ArchiveRequests } from './archive-requests.ts';
import { type DataSet, number, text, uid } from './dicom-json.ts';
import { keyObjectsIn } from './rejection-notes.ts';

/** A series as its archive lists it, with what is described of it so far. */
export type ListedSeries = {
  readonly data: DataSet;
  readonly seriesUid: string;
  readonly instances: readonly DataSet[];
  /** Where only some of its images are described: how many the archive counts. */
  readonly partOf?: number;
};

type Row = Pick<ListedSeries, 'data' | 'seriesUid'>;

/** Below so many images a study is described before one of them could be asked for by itself. */
const worthwhile = 40;
const mostSeries = 6;
/** Stacks of which any one image stands for the series; of others the views decide what hangs where. */
const stacks = new Set(['CT', 'MR']);
/** What says nothing of which images hang, or how. Key objects are not among them: a rejection note is one. */
const beside = new Set(['SR', 'PR', 'SEG', 'DOC', 'REG', 'RTSTRUCT', 'RTPLAN', 'RTDOSE']);

/**
 * Of each stack of a study the image that hangs first (the middle one), described by itself: an archive takes longer to describe hundreds
 * of images than to give that one (PS3.18 10.6.1.2, 10.4.1.1.3). Null where a study is not to be looked at by one image, or an archive does
 * not tell which one that is: then all of it is waited for. Never rejects.
 */
export async function firstLook(
  requests: Pick<ArchiveRequests, 'numbered' | 'instanceMetadata'>,
  studyUid: string,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<readonly ListedSeries[] | null> {
  const modalityOf = ({ data }: Row): string => text(data, '00080060');
  const images = rows.filter((row) => stacks.has(modalityOf(row)));
  const counts = images.map(({ data }) => number(data, '00201209') ?? 0);
  if (
    keyObjectsIn(rows.map((row) => row.data)) !== '' ||
    rows.some((row) => !stacks.has(modalityOf(row)) && !beside.has(modalityOf(row))) ||
    images.length > mostSeries ||
    counts.some((count) => count < 1) ||
    counts.reduce((sum, count) => sum + count, 0) < worthwhile
  )
    return null;
  const firsts = await Promise.all(images.map((row, at) => middleOf(requests, studyUid, row, counts[at] ?? 0, signal)));
  const found = firsts.filter((one) => one !== null);
  if (found.length < images.length || signal.aborted) return null;
  return rows.map((row) => found.find((one) => one.seriesUid === row.seriesUid) ?? { ...row, instances: [] });
}

async function middleOf(
  requests: Pick<ArchiveRequests, 'numbered' | 'instanceMetadata'>,
  studyUid: string,
  { data, seriesUid }: Row,
  count: number,
  signal: AbortSignal,
): Promise<ListedSeries | null> {
  const listed = await requests.numbered(studyUid, seriesUid, Math.floor(count / 2) + 1, signal);
  const [row] = listed.ok && listed.value.length === 1 ? listed.value : [];
  const instanceUid = row === undefined ? null : uid(row, '00080018');
  if (instanceUid === null) return null;
  const described = await requests.instanceMetadata(studyUid, seriesUid, instanceUid, signal);
  const [instance] = described.ok && described.value.length === 1 ? described.value : [];
  const isIt =
    instance !== undefined &&
    text(instance, '0020000D') === studyUid &&
    text(instance, '0020000E') === seriesUid &&
    uid(instance, '00080018') === instanceUid &&
    number(instance, '00280010') !== null &&
    (number(instance, '00280008') ?? 1) === 1;
  if (!isIt) return null;
  return { data, seriesUid, instances: [instance], ...(count === 1 ? {} : { partOf: count }) };
}
