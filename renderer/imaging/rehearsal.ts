import { err, ok } from '../../shared/lib/result.ts';
import type { CaseImages } from './case-images.ts';
import type { DataSet } from './dicom-json.ts';
import type { FrameStore } from './frame-store.ts';
import { describeSeries } from './study-metadata.ts';
import type { CaseContext, DecodedFrame, StudyImages } from './types.ts';

/** A study that is no patient's, made here, for what is run once before the first case: never asked for, never kept. */
export type Rehearsal = {
  readonly context: CaseContext;
  readonly archive: string;
  readonly studyUid: string;
  readonly study: StudyImages;
  readonly images: CaseImages;
  /** Forgets its pictures. */
  end(): void;
};

const root = '2.25.300000000000000000000000000000000001';
const side = 64;
/** Enough that what describes and sorts them is compiled. */
const slices = 64;
/** Epochs of cases begin at 1: no answer, command or event of a case has this one. */
const epoch = -1;

function instance(index: number): DataSet {
  const is = (vr: string, ...Value: readonly unknown[]) => ({ vr, Value });
  return {
    '00080016': is('UI', '1.2.840.10008.5.1.4.1.1.2'),
    '00080018': is('UI', `${root}.${index}`),
    '00080060': is('CS', 'CT'),
    '0020000D': is('UI', root),
    '0020000E': is('UI', `${root}.9`),
    '00200011': is('IS', 1),
    '00200013': is('IS', index + 1),
    '00200032': is('DS', 0, 0, index),
    '00200037': is('DS', 1, 0, 0, 0, 1, 0),
    '00280002': is('US', 1),
    '00280004': is('CS', 'MONOCHROME2'),
    '00280010': is('US', side),
    '00280011': is('US', side),
    '00280030': is('DS', 1, 1),
    '00280100': is('US', 16),
    '00280101': is('US', 16),
    '00280102': is('US', 15),
    '00280103': is('US', 1),
    '00281050': is('DS', 40),
    '00281051': is('DS', 400),
  };
}

/** Black but for noise that nobody sees: what is drawn costs the same. */
function frame(index: number): DecodedFrame {
  const pixels = Int16Array.from({ length: side * side }, (_, at) => ((at * 7 + index) % 300) - 200);
  return {
    rows: side,
    columns: side,
    colour: false,
    pixels,
    min: -200,
    max: 99,
    slope: 1,
    intercept: 0,
    modalityApplied: false,
    lossy: false,
    voiTables: [],
  };
}

export function rehearsal(store: FrameStore): Rehearsal {
  const context: CaseContext = {
    ...{ archive: null, studyUid: null, patientId: null, issuer: null, accession: null, orderId: null, epoch },
    taskId: 'rehearsal' as CaseContext['taskId'],
  };
  const archive = 'rehearsal';
  const instances = Array.from({ length: slices }, (_, index) => instance(index));
  const series = describeSeries({ archive, epoch, studyUid: root }, `${root}.9`, instances, {});
  const imageIds = series.frames.map((one) => one.imageId);
  for (const [index, imageId] of imageIds.entries()) store.put(imageId, frame(index));
  const cancelled = { code: 'cancelled', words: 'Nothing is asked for here.' } as const;
  const study: StudyImages = {
    ...{ epoch, archive, studyUid: root, patientName: '', patientId: '', issuer: '', birthDate: '', sex: '' },
    ...{ studyDate: '', studyTime: '', timezone: '', description: '', accession: '' },
    traits: { bodyPart: '', description: '', procedure: [] },
    series: [series],
    ...{ documents: [], problems: [], rejections: [], rejectedForQuality: 0 },
  };
  const images: CaseImages = {
    context,
    loadStudy: () => Promise.resolve(ok(study)),
    notesChanged: () => Promise.resolve(false),
    want: (_series, { imageId }) => {
      const state = store.state(imageId);
      return Promise.resolve(state.kind === 'absent' ? { kind: 'failed', failure: cancelled } : state);
    },
    stream: () => undefined,
    retry: () => undefined,
    progress: ({ seriesUid, frames }) => ({
      ...{ seriesUid, loaded: slices, total: frames.length, failed: 0, bytes: 0, state: 'complete', words: '' },
    }),
    open: () => Promise.resolve(err(cancelled)),
    onProgress: () => () => undefined,
    close: () => undefined,
  };
  return { context, archive, studyUid: root, study, images, end: () => store.forget(imageIds) };
}
