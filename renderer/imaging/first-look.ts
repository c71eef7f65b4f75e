import { type StackToLookAt, stacksToLookAt } from '../../shared/interop/dicom-json/index.ts';
import type { ArchiveRequests } from './archive-requests.ts';
import { type DataSet, number, text, uid } from './dicom-json.ts';

/** A series as its archive lists it, with what is described of it so far. */
export type ListedSeries = {
  readonly data: DataSet;
  readonly seriesUid: string;
  readonly instances: readonly DataSet[];
  /** Where only some of its images are described: how many the archive counts. */
  readonly partOf?: number;
};

type Row = Pick<ListedSeries, 'data' | 'seriesUid'>;

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
  const stacks = stacksToLookAt(rows.map((row) => row.data));
  if (stacks === null) return null;
  const firsts = await Promise.all(
    stacks.map((stack) => {
      const row = rows.find((one) => one.seriesUid === stack.seriesUid);
      return row === undefined ? null : middleOf(requests, studyUid, row, stack, signal);
    }),
  );
  const found = firsts.filter((one) => one !== null);
  if (found.length < stacks.length || signal.aborted) return null;
  return rows.map((row) => found.find((one) => one.seriesUid === row.seriesUid) ?? { ...row, instances: [] });
}

async function middleOf(
  requests: Pick<ArchiveRequests, 'numbered' | 'instanceMetadata'>,
  studyUid: string,
  { data, seriesUid }: Row,
  { images, instanceNumber }: StackToLookAt,
  signal: AbortSignal,
): Promise<ListedSeries | null> {
  const listed = await requests.numbered(studyUid, seriesUid, instanceNumber, signal);
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
  return { data, seriesUid, instances: [instance], ...(images === 1 ? {} : { partOf: images }) };
}
