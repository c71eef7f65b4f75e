import {
  boxOf,
  type ImageMeasurement,
  isRegion,
  kindWords,
  measurementText,
  type Point,
} from '../../domain/measurement/index.ts';
import { type DicomJson, tags } from '../dicom-json/index.ts';
import { integer, line, person, sequence, strings, unlimited, words } from '../dicom-sr/element.ts';
import { type MarksDocument, marksHead } from '../dicom-sr/marks-document.ts';
import { notForClinicalUse } from '../report-sections.ts';
import { siteTime } from '../text/site-time.ts';
import type { MarkedImage } from './marked-image.ts';

/** Grayscale Softcopy Presentation State Storage (PS3.4 B.5). */
export const grayscalePresentationClass = '1.2.840.10008.5.1.4.1.1.11.1';

const layer = 'OVERREAD';

/**
 * Images that one state can be for: Modality LUT and Presentation LUT hold for all of its images (PS3.3 A.33.1), so that images of
 * another rescale or polarity need a state of their own.
 */
export function statesNeeded(images: readonly MarkedImage[]): readonly (readonly MarkedImage[])[] {
  const groups = new Map<string, MarkedImage[]>();
  for (const image of images) {
    const key = JSON.stringify([image.inverse, image.rescale]);
    groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  return [...groups.values()];
}

/** Arrows, words and the lines of measurements as a presentation state over these images (PS3.3 A.33.1), as DICOM JSON. */
export function marksToPresentation(
  marks: readonly ImageMeasurement[],
  images: readonly MarkedImage[],
  facts: MarksDocument,
): DicomJson {
  const saved = siteTime(facts.savedAt, facts.zone);
  const description = facts.notForClinicalUse ? `Marks of a reader - ${notForClinicalUse}` : 'Marks of a reader';
  const [first] = images;
  const windows = images.filter((image) => image.window !== null);
  return {
    ...marksHead(facts, {
      sopClassUid: grayscalePresentationClass,
      modality: 'PR',
      seriesDescription: 'Marks of a reader',
      seriesNumber: 9003,
    }),
    [tags.ReferencedSeriesSequence]: sequence(...seriesOf(images)),
    // Of paired parts one side may be meant; a series of marks says none (PS3.3 table C.7-5a, type 2C).
    '00200060': { vr: 'CS' },
    ...(first?.rescale == null
      ? {}
      : {
          '00281052': { vr: 'DS', Value: [first.rescale.intercept] },
          '00281053': { vr: 'DS', Value: [first.rescale.slope] },
          '00281054': words('LO', first.rescale.type),
        }),
    ...(windows.length === 0 ? {} : { '00283110': sequence(...windows.map(softcopyWindow)) }),
    '00700001': sequence(...annotations(marks, images)),
    '0070005A': sequence(...images.map(displayedArea)),
    '00700060': sequence({
      '00700002': strings('CS', layer),
      '00700062': integer(1),
      '00700068': words('LO', description),
    }),
    '00700080': strings('CS', layer),
    '00700081': words('LO', description),
    '00700082': strings('DA', saved.date),
    '00700083': strings('TM', saved.time),
    '00700084': person(facts.observer),
    '20500020': strings('CS', first?.inverse === true ? 'INVERSE' : 'IDENTITY'),
  };
}

function seriesOf(images: readonly MarkedImage[]): readonly DicomJson[] {
  return [...new Set(images.map((image) => image.seriesUid))].map((seriesUid) => ({
    '00081140': sequence(
      ...images.filter((image) => image.seriesUid === seriesUid).map((image) => reference(image, null)),
    ),
    [tags.SeriesInstanceUID]: strings('UI', seriesUid),
  }));
}

/** Referenced Image Sequence item; `frame` only of multi-frame images (PS3.3 10.3). */
function reference(image: MarkedImage, frame: number | null): DicomJson {
  return {
    [tags.ReferencedSOPClassUID]: strings('UI', image.sopClassUid),
    [tags.ReferencedSOPInstanceUID]: strings('UI', image.instanceUid),
    ...(frame === null || image.frames < 2 ? {} : { [tags.ReferencedFrameNumber]: integer(frame) }),
  };
}

/** The image's own window: without one in the state others would show all values (PS3.4 N.2.1.3). */
function softcopyWindow(image: MarkedImage): DicomJson {
  return {
    '00081140': sequence(reference(image, null)),
    '00281050': { vr: 'DS', Value: [image.window?.center ?? 0] },
    '00281051': { vr: 'DS', Value: [image.window?.width ?? 1] },
    ...(image.window?.function == null ? {} : { '00281056': strings('CS', image.window.function) }),
  };
}

function displayedArea(image: MarkedImage): DicomJson {
  return {
    '00081140': sequence(reference(image, null)),
    '00700052': { vr: 'SL', Value: [1, 1] },
    '00700053': { vr: 'SL', Value: [image.columns, image.rows] },
    '00700100': strings('CS', 'SCALE TO FIT'),
    // Either the size of pixels or their proportion (PS3.3 table C.10-4).
    ...(image.spacing === null
      ? { '00700102': { vr: 'IS', Value: [1, 1] } }
      : { '00700101': { vr: 'DS', Value: [...image.spacing] } }),
  };
}

function annotations(marks: readonly ImageMeasurement[], images: readonly MarkedImage[]): readonly DicomJson[] {
  return images.flatMap((image) => {
    const here = marks.filter((one) => one.place.instanceUid === image.instanceUid);
    return [...new Set(here.map((one) => one.place.frame))].map((frame) => {
      const own = here.filter((one) => one.place.frame === frame);
      const texts = own.flatMap(textOf);
      const shapes = own.flatMap(shapesOf);
      return {
        '00081140': sequence(reference(image, frame)),
        '00700002': strings('CS', layer),
        ...(texts.length === 0 ? {} : { '00700008': sequence(...texts) }),
        ...(shapes.length === 0 ? {} : { '00700009': sequence(...shapes) }),
      };
    });
  });
}

const figures = (points: readonly Point[]) => ({
  vr: 'FL',
  Value: points.flatMap(([x, y]) => [Math.fround(x), Math.fround(y)]),
});

function shape(type: 'POINT' | 'POLYLINE' | 'ELLIPSE', points: readonly Point[]): DicomJson {
  return {
    '00700005': strings('CS', 'PIXEL'),
    '00700020': { vr: 'US', Value: [2] },
    '00700021': { vr: 'US', Value: [points.length] },
    '00700022': figures(points),
    '00700023': strings('CS', type),
    // Of a closed line or an ellipse only (PS3.3 table C.10-5).
    ...(type === 'ELLIPSE' ? { '00700024': strings('CS', 'N') } : {}),
  };
}

/** Lines of a mark in image pixels, 0\0 at the upper left corner of the first (PS3.3 C.10.5.1.1). */
function shapesOf({ kind, points }: ImageMeasurement): readonly DicomJson[] {
  const [a, b] = points;
  if (kind === 'text' || kind === 'spine') return [];
  if (kind === 'probe') return a === undefined ? [] : [shape('POINT', [a])];
  if (kind === 'arrow') return a === undefined || b === undefined ? [] : arrow(a, b);
  if (isRegion(kind)) return [region(kind, points)];
  if (kind === 'length' || kind === 'angle') return [shape('POLYLINE', points)];
  return [points.slice(0, 2), points.slice(2, 4)]
    .filter((one) => one.length === 2)
    .map((one) => shape('POLYLINE', one));
}

/** A line with two barbs: a state of PS3.3 C.10.5 has no arrow that every reader of it draws. */
function arrow(head: Point, tail: Point): readonly DicomJson[] {
  const length = Math.hypot(tail[0] - head[0], tail[1] - head[1]);
  const angle = Math.atan2(tail[1] - head[1], tail[0] - head[0]);
  const barb = (turn: number): Point => [
    head[0] + Math.min(12, length / 3) * Math.cos(angle + turn),
    head[1] + Math.min(12, length / 3) * Math.sin(angle + turn),
  ];
  return [shape('POLYLINE', [tail, head]), shape('POLYLINE', [barb(0.45), head, barb(-0.45)])];
}

function region(kind: 'ellipse' | 'rectangle' | 'freehand', points: readonly Point[]): DicomJson {
  const { left, top, right, bottom } = boxOf(points);
  if (kind === 'ellipse') {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const across: readonly Point[] = [
      [left, y],
      [right, y],
    ];
    const down: readonly Point[] = [
      [x, top],
      [x, bottom],
    ];
    // Major axis first (PS3.3 C.10.5.1.2).
    return shape('ELLIPSE', right - left >= bottom - top ? [...across, ...down] : [...down, ...across]);
  }
  const corners: readonly Point[] =
    kind === 'rectangle'
      ? [
          [left, top],
          [right, top],
          [right, bottom],
          [left, bottom],
        ]
      : points;
  return shape('POLYLINE', [...corners, ...corners.slice(0, 1)]);
}

/** The words of a mark, anchored at its uppermost point. ST is at most 1,024 characters (PS3.5 table 6.2-1). */
function textOf(one: ImageMeasurement): readonly DicomJson[] {
  const isWords = one.kind === 'text' || one.kind === 'arrow' || one.kind === 'spine';
  // Signs of figures stand as letters: not every reader of states knows UTF-8, and a wrong sign would be another figure.
  const figure = measurementText({ ...one, label: '' })
    .replaceAll('×', 'x')
    .replaceAll('²', '2')
    .replaceAll('°', ' deg');
  const label = one.label === '' ? '' : `${one.label}: `;
  const text = isWords ? measurementText(one) : `${one.number} ${label}${figure === '' ? kindWords[one.kind] : figure}`;
  const [anchor] = [...one.points].sort((left, right) => left[1] - right[1]);
  if (text.trim() === '' || anchor === undefined) return [];
  return [
    {
      '00700004': strings('CS', 'PIXEL'),
      '00700006': strings('ST', unlimited(line(text, 1_000))),
      '00700014': figures([anchor]),
      '00700015': strings('CS', 'N'),
    },
  ];
}
