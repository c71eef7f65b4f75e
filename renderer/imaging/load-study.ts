import { studyTraitsFromDicom } from '../../shared/interop/dicom-json/index.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { ArchiveRequests } from './archive-requests.ts';
import { type DataSet, text, uid } from './dicom-json.ts';
import { firstLook, type ListedSeries } from './first-look.ts';
import { keyObjectsIn, rejectedInstances, rejectionSentences } from './rejection-notes.ts';
import { describeSeries, type Rejections } from './study-metadata.ts';
import type { ImagingFailure, StudyImages } from './types.ts';

const metadataAtOnce = 4;
/** Milliseconds in which a study is described whose description was asked for before this program ran: nothing is looked at first. */
const soon = 10;

export type StudyQuestion = {
  readonly requests: ArchiveRequests;
  readonly archive: string;
  readonly epoch: number;
  readonly studyUid: string;
  /** True when the reader has asked for what was rejected for quality. */
  readonly withQuality: boolean;
  /** Series that it is known to have had: they are described beside the list of its series, and the list decides which of them count. */
  readonly likely?: readonly string[];
  /** Told before the answer, where that takes longer: the study by the image of each stack that hangs first (`partOf`). */
  readonly onFirst?: (read: StudyRead) => void;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
};

export type StudyRead = {
  readonly study: StudyImages;
  readonly rejections: Rejections;
  /** The key objects that the archive listed, as a value to compare with a later list. */
  readonly keyObjects: string;
};

type Row = { readonly data: DataSet; readonly seriesUid: string };

/** Series of a study and the metadata of each (PS3.18 10.6, 10.4.1.1.2). A series that does not come is one of the study's `problems`. */
export async function loadStudy(question: StudyQuestion): Promise<Result<StudyRead, ImagingFailure>> {
  const { requests, studyUid, signal } = question;
  const likely = new Map(
    (question.likely ?? [])
      .slice(0, metadataAtOnce)
      .map((seriesUid) => [seriesUid, requests.metadata(studyUid, seriesUid, signal)] as const),
  );
  const listed = await requests.series(studyUid, signal);
  if (signal.aborted) return closed;
  if (!listed.ok) return listed;
  const problems: string[] = [];
  const found: ListedSeries[] = [];
  const rows = listed.value.flatMap((data): Row[] => {
    const seriesUid = uid(data, '0020000E');
    return seriesUid === null ? [] : [{ data, seriesUid }];
  });
  const described = new AbortController();
  if (question.onFirst !== undefined && !question.withQuality) {
    const { onFirst } = question;
    const first = AbortSignal.any([signal, described.signal]);
    void new Promise((resolve) => setTimeout(resolve, soon))
      .then(() => (first.aborted ? null : firstLook(requests, studyUid, rows, first)))
      .then((series) => {
        if (series !== null && !first.aborted) onFirst(readOf(question, listed.value, series, []));
      });
  }
  for (let at = 0; at < rows.length; at += metadataAtOnce) {
    const answers = await Promise.all(
      rows.slice(at, at + metadataAtOnce).map(async (row) => ({
        row,
        answer: await (likely.get(row.seriesUid) ?? requests.metadata(studyUid, row.seriesUid, signal)),
      })),
    );
    for (const { row, answer } of answers) {
      if (answer.ok) found.push({ ...row, instances: answer.value });
      else problems.push(answer.error.words);
    }
  }
  described.abort();
  return signal.aborted ? closed : ok(readOf(question, listed.value, found, problems));
}

function readOf(
  { archive, epoch, studyUid, withQuality }: StudyQuestion,
  listed: readonly DataSet[],
  found: readonly ListedSeries[],
  problems: readonly string[],
): StudyRead {
  const origin = { archive, epoch, studyUid };
  const all = found.flatMap((row) => row.instances);
  const byInstance = rejectedInstances(studyUid, all);
  const rejections = { byInstance, withQuality };
  const series = found
    .map((row) => describeSeries(origin, row.seriesUid, row.instances, row.data, rejections, row.partOf))
    .sort((one, other) => (one.number ?? 1e9) - (other.number ?? 1e9) || one.seriesUid.localeCompare(other.seriesUid));
  const first = found[0]?.instances[0] ?? found[0]?.data ?? {};
  return {
    rejections,
    keyObjects: keyObjectsIn(listed),
    study: {
      epoch,
      archive,
      studyUid,
      patientName: text(first, '00100010'),
      patientId: text(first, '00100020'),
      issuer: text(first, '00100021'),
      birthDate: text(first, '00100030'),
      sex: text(first, '00100040'),
      studyDate: text(first, '00080020'),
      studyTime: text(first, '00080030'),
      timezone: text(first, '00080201'),
      description: text(first, '00081030'),
      traits: studyTraitsFromDicom(first),
      accession: text(first, '00080050'),
      series,
      documents: all.filter((data) => text(data, '00080016').startsWith('1.2.840.10008.5.1.4.1.1.88.')),
      problems,
      rejections: rejectionSentences(byInstance, withQuality),
      rejectedForQuality: [...byInstance.values()].filter((why) => why === 'quality').length,
    },
  };
}

const closed = err<ImagingFailure>({ code: 'cancelled', words: 'The case was closed.' });
