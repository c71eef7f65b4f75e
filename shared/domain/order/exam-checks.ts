import { cleanLine } from '../../lib/clean-text.ts';
import { type Asked, codeClause, contrastWords } from './asked-exam.ts';
import { relateRegions } from './body-regions.ts';
import type { ExamWords, ReadWords } from './exam-words.ts';
import type { ImageFacts, ImagesOfOrder } from './image-facts.ts';
import { modalityGroup, sameOrKin } from './modality-groups.ts';
import type { OrderCheck, ProcedureFacts } from './order-check.ts';

const modalityClause = 'Modality (0008,0060), PS3.3 C.7.3.1; FHIR ServiceRequest.orderDetail';
const bodyPartClause = 'Body Part Examined (0018,0015), PS3.16 Annex L; FHIR ServiceRequest.bodySite';

/** Whether the order says one exam in all its places, and the images are of that part of the body. */
export function examChecks(
  { order, words, procedure, read }: Asked,
  shown: ImagesOfOrder | null,
  listed: ProcedureFacts | null,
): OrderCheck[] {
  const images = shown === null ? null : wordsOfImages(shown.facts, shown.study.description, read);
  const checks: OrderCheck[] = [];
  const add = (check: Omit<OrderCheck, 'group'>): void => void checks.push({ ...check, group: 'exam' });
  if (order.procedure.code.trim() === '' && order.procedure.display.trim() === '') {
    add({
      code: 'procedure',
      state: 'defect',
      words: 'No procedure: it is not said which exam was asked for.',
      order: '',
      images: '',
      clause: codeClause,
    });
  }

  const modality = order.modality === null ? null : modalityGroup(order.modality);
  const wordModalities = [...words.modalities];
  if ((order.modality ?? '').trim() === '') {
    const told = wordModalities.length > 0;
    add({
      code: 'modality',
      state: told ? 'note' : 'defect',
      words: told ? 'Modality missing; the exam’s words name it.' : 'Modality missing.',
      order: wordModalities.join(', '),
      images: '',
      clause: modalityClause,
    });
  } else if (
    modality !== null &&
    wordModalities.length > 0 &&
    !wordModalities.some((one) => sameOrKin(one, modality))
  ) {
    add({
      code: 'code-modality',
      state: 'defect',
      words: `The order is for ${modality}, and its exam is called ${procedure}.`,
      order: `${modality}; ${procedure}`,
      images: '',
      clause: codeClause,
    });
  }
  const listedModality = listed?.modality == null ? null : modalityGroup(listed.modality);
  if (modality !== null && listedModality !== null && !sameOrKin(listedModality, modality)) {
    add({
      code: 'code-modality',
      state: 'defect',
      words: `Procedure code ${cleanLine(order.procedure.code, 32)} stands for ${listedModality} in your table; the order is for ${modality}.`,
      order: `${modality}; code ${cleanLine(order.procedure.code, 32)}`,
      images: '',
      clause: codeClause,
    });
  }

  const parts = read(order.bodyPart ?? '').regions;
  if ((order.bodyPart ?? '').trim() === '') {
    const told = words.regions.size > 0;
    add({
      code: 'body-part',
      state: told ? 'note' : 'defect',
      words: told ? 'Body part missing; the exam’s words name it.' : 'Body part missing.',
      order: [...words.regions].join(', '),
      images: '',
      clause: bodyPartClause,
    });
  } else {
    const named = relateRegions(parts, words.regions);
    if (named === 'other' || named === 'near') {
      add({
        code: 'code-body-part',
        state: named === 'other' ? 'defect' : 'note',
        words: `The order is for the ${cleanLine(order.bodyPart ?? '', 40)}, and its exam is called ${procedure}.`,
        order: `${cleanLine(order.bodyPart ?? '', 40)}; ${procedure}`,
        images: '',
        clause: codeClause,
      });
    }
  }
  const asked = parts.size > 0 ? parts : words.regions;
  const listedParts = read(listed?.bodyPart ?? '').regions;
  const byTable = relateRegions(asked, listedParts);
  if (byTable === 'other' || byTable === 'near') {
    add({
      code: 'code-body-part',
      state: byTable === 'other' ? 'defect' : 'note',
      words: `Procedure code ${cleanLine(order.procedure.code, 32)} stands for the ${[...listedParts].join(', ')} in your table; the order is for the ${[...asked].join(', ')}.`,
      order: `${[...asked].join(', ')}; code ${cleanLine(order.procedure.code, 32)}`,
      images: '',
      clause: codeClause,
    });
  }
  if (images !== null) {
    // A part that order and words name differently is compared by both: either may be what was made.
    const relation = relateRegions(new Set([...parts, ...words.regions]), images.regions);
    add({
      code: 'body-part',
      state:
        relation === null ? 'not-compared' : relation === 'same' ? 'agrees' : relation === 'near' ? 'note' : 'defect',
      words:
        relation === null
          ? 'Order or images do not name a part of the body.'
          : relation === 'same'
            ? 'The images are of the part that was ordered.'
            : relation === 'near'
              ? 'The images are of a neighbouring part.'
              : 'The images are of another part of the body than ordered.',
      order: cleanLine(order.bodyPart ?? procedure, 80),
      images: images.said,
      clause: bodyPartClause,
    });
  }
  return checks;
}

/** What the images' own words say: their body parts and series, and only without those the study's description, which is often the order's. */
function wordsOfImages(
  facts: ImageFacts,
  studyDescription: string,
  read: ReadWords,
): ExamWords & { readonly said: string } {
  const own = facts.series.map((one) => `${one.bodyPart ?? ''} ${one.description}`.trim());
  const series = read([...new Set(own)].join('; '));
  const words = series.regions.size > 0 ? series : read(studyDescription);
  const parts = [...new Set(facts.series.map((one) => one.bodyPart).filter((one) => one !== null))];
  const said = parts.length > 0 ? parts.join(', ') : words.regions.size === 0 ? '' : [...words.regions].join(', ');
  return { ...words, said: cleanLine(said, 120) };
}

const contrastClause = 'Contrast/Bolus Agent (0018,0010), PS3.3 C.7.6.4; FHIR ServiceRequest.code';

/** Contrast as it was ordered against what the images say was given. */
export function contrastChecks(
  { order, words, contrast }: Asked,
  facts: ImageFacts | null,
  listed: ProcedureFacts | null,
): OrderCheck[] {
  const checks: OrderCheck[] = [];
  const add = (check: Omit<OrderCheck, 'group'>): void => void checks.push({ ...check, group: 'exam' });
  if (listed?.contrast != null && words.contrast !== null && listed.contrast !== words.contrast) {
    add({
      code: 'code-contrast',
      state: 'defect',
      words: `Procedure code ${cleanLine(order.procedure.code, 32)} stands for an exam ${contrastWords[listed.contrast]} in your table; the order says ${contrastWords[words.contrast]}.`,
      order: contrastWords[words.contrast],
      images: '',
      clause: codeClause,
    });
  }
  const wanted = contrast ?? listed?.contrast ?? null;
  if (wanted === null || facts === null) return checks;
  const told = facts.series.map((one) => one.contrast);
  const given = told.includes('given');
  // That none was given is known only where every series says so.
  const none = facts.whole && told.length > 0 && told.every((one) => one === 'none');
  const agent = facts.series.find((one) => one.agent !== null)?.agent ?? null;
  const mismatch = (given && wanted === 'without') || (none && wanted !== 'without');
  const agrees = (given && wanted !== 'without') || (none && wanted === 'without');
  add({
    code: 'contrast',
    state: mismatch ? 'defect' : agrees ? 'agrees' : 'not-compared',
    words: mismatch
      ? `Ordered ${contrastWords[wanted]}; the images were made ${given ? 'with' : 'without'} it.`
      : agrees
        ? `Made ${contrastWords[wanted]}, as ordered.`
        : 'The images do not say whether contrast was given.',
    order: contrastWords[wanted],
    images: given
      ? `with contrast${agent === null ? '' : `: ${cleanLine(agent, 60)}`}`
      : none
        ? 'without contrast'
        : '',
    clause: contrastClause,
  });
  return checks;
}
