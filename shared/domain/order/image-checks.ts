import { cleanLine } from '../../lib/clean-text.ts';
import { type ExamProtocol, protocolStanding } from '../study/index.ts';
import type { Asked } from './asked-exam.ts';
import { type Region, relateRegions } from './body-regions.ts';
import type { ImagesOfOrder } from './image-facts.ts';
import { modalityGroup, sameOrKin } from './modality-groups.ts';
import type { OrderCheck } from './order-check.ts';

/** Projection images: one instance is one view. A CT's instances are slices, and no number of views says anything of them. */
const projections = new Set(['CR', 'DX', 'RG', 'DR', 'MG', 'IO', 'PX']);

/** Whether the images are those that were ordered, and all of them. */
export function imageChecks(
  asked: Asked,
  images: ImagesOfOrder | null,
  protocol: ExamProtocol | null = null,
): OrderCheck[] {
  if (images === null) {
    const clause = 'Study Instance UID (0020,000D) by accession number (0008,0050)';
    return [
      {
        code: 'images',
        group: 'images',
        state: 'not-compared',
        words: 'The images have not come yet.',
        order: '',
        images: '',
        clause,
      },
    ];
  }
  return [
    ...modalityCheck(asked, images),
    ...countChecks(asked, images),
    ...seriesCheck(asked, images),
    ...protocolCheck(protocol, images),
  ];
}

function modalityCheck({ order, words }: Asked, { facts, study }: ImagesOfOrder): OrderCheck[] {
  const shown = facts.series.length > 0 ? [...new Set(facts.series.map((one) => one.modality))] : study.modalities;
  const groups = shown.map(modalityGroup);
  const asked = order.modality === null ? [...words.modalities][0] : modalityGroup(order.modality);
  // A modality that we do not know may be another word for the one that was ordered.
  const known = asked !== null && asked !== undefined && groups.length > 0 && !groups.includes(null);
  const same = known && groups.some((one) => one !== null && sameOrKin(one, asked));
  return [
    {
      code: 'modality',
      group: 'exam',
      state: !known ? 'not-compared' : same ? 'agrees' : 'defect',
      words: !known
        ? 'Order or images do not name a modality that can be compared.'
        : same
          ? 'The images are of the modality that was ordered.'
          : 'The images are of another modality than ordered.',
      order: cleanLine(order.modality ?? asked ?? '', 16),
      images: cleanLine(shown.join(', '), 80),
      clause: 'Modality (0008,0060), PS3.3 C.7.3.1; FHIR ServiceRequest.orderDetail',
    },
  ];
}

function countChecks({ order, words }: Asked, { facts, study }: ImagesOfOrder): OrderCheck[] {
  const checks: OrderCheck[] = [];
  const expected = order.expectedInstances;
  const arriving = expected !== null && study.instanceCount < expected;
  checks.push({
    code: 'images',
    group: 'images',
    state: arriving ? 'note' : expected === null ? 'not-compared' : 'agrees',
    words: arriving
      ? `${study.instanceCount} of ${expected} images are here.`
      : expected === null
        ? 'The site did not say how many images there are.'
        : 'All images that the site announced are here.',
    order: expected === null ? '' : String(expected),
    images: String(study.instanceCount),
    clause: 'Number of Study Related Instances (0020,1208), PS3.18 10.6.3',
  });
  const views = facts.series.filter((one) => projections.has(one.modality));
  const count = views.reduce((sum, one) => sum + one.instances, 0);
  if (words.views !== null && count > 0 && views.length === facts.series.length) {
    const missing = count < words.views;
    checks.push({
      code: 'views',
      group: 'images',
      // What is still on its way is not missing yet.
      state: !missing ? 'agrees' : arriving ? 'note' : 'defect',
      words: missing
        ? `${counted(words.views)} ordered, ${count === 1 ? '1 is' : `${count} are`} here.`
        : `${counted(words.views)} ordered and here.`,
      order: counted(words.views),
      images: counted(count),
      clause:
        'FHIR ServiceRequest.code; View Position (0018,5101), PS3.3 C.8.1.2; Number of Series Related Instances (0020,1209)',
    });
  }
  return checks;
}

/** A part that was ordered and that no series names, nor a neighbour of it: a series may be missing. */
function seriesCheck({ order, words, read }: Asked, { facts }: ImagesOfOrder): OrderCheck[] {
  const bySeries = facts.series.map((one) => read(`${one.bodyPart ?? ''} ${one.description}`).regions);
  // A series that names no part may be the one that seems to be missing.
  if (!facts.whole || bySeries.length === 0 || bySeries.some((one) => one.size === 0)) return [];
  const shown = new Set(bySeries.flatMap((one) => [...one]));
  const named = read(order.bodyPart ?? '').regions;
  // Where field and words contradict each other, that is the finding; what is missing cannot be told.
  if (relateRegions(named, words.regions) === 'other') return [];
  const asked = new Set<Region>([...named, ...words.regions]);
  const missing = [...asked].filter((one) => !reachedFrom(shown, asked).has(one));
  if (missing.length === 0 || missing.length === asked.size) return [];
  return [
    {
      code: 'series',
      group: 'images',
      state: 'note',
      words: `No series names the ${missing.join(' or the ')}, which was ordered too.`,
      order: [...asked].join(', '),
      images: [...shown].join(', '),
      clause: 'Body Part Examined (0018,0015) and Series Description (0008,103E) of each series',
    },
  ];
}

/** The series that the site's protocol makes for this exam. One that is missing is worth a look; the site may have had its reason. */
function protocolCheck(protocol: ExamProtocol | null, { facts }: ImagesOfOrder): OrderCheck[] {
  if (protocol === null || facts.listedOnly === true) return [];
  const series = facts.series.map(({ modality, description, instances }) => ({
    modality,
    description,
    // Listed with a count that the server did not give.
    images: instances === 0 ? null : instances,
  }));
  const { missing, seen, expected } = protocolStanding(protocol, series);
  return [
    {
      code: 'protocol',
      group: 'images',
      state: missing.length === 0 ? 'agrees' : 'note',
      words:
        missing.length === 0
          ? 'All series of the site\u2019s protocol are here.'
          : `Of the site\u2019s protocol ${missing.length === 1 ? 'a series is' : `${missing.length} series are`} missing: ${cleanLine(missing.join(', '), 200)}.`,
      order: cleanLine(protocol.name, 80),
      images: `${seen} of ${expected} series`,
      clause: 'Modality (0008,0060) and Series Description (0008,103E) of each series, against the site\u2019s profile',
    },
  ];
}

/** What one scan covers: machines name a scan from chest to pelvis by one of its parts. */
function reachedFrom(shown: ReadonlySet<Region>, asked: ReadonlySet<Region>): ReadonlySet<Region> {
  const reached = new Set(shown);
  for (let size = -1; size !== reached.size; ) {
    size = reached.size;
    for (const one of asked) if (relateRegions(new Set([one]), reached) !== 'other') reached.add(one);
  }
  return reached;
}

function counted(count: number): string {
  return count === 1 ? '1 view' : `${count} views`;
}
