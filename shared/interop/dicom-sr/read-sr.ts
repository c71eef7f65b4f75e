import type { JsonValue } from '../../lib/canonical-json.ts';
import { type DicomJson, items, number, personName, tags, text, texts, wholeText } from '../dicom-json/index.ts';
import { headVouchedValue } from './report-head.ts';
import { keyImagesCode } from './report-key-images.ts';

/** A section as the document holds it; `text` has LF line ends. */
export type SrSection = { readonly code: string; readonly title: string; readonly text: string };

export type SrContentTree = {
  /** Coded title of the document, `scheme:value`. */
  readonly root: string;
  readonly sections: readonly SrSection[];
};

/** Heads of reports written before CID 7001 used LOINC, under the codes that we use. */
const oldHeads: { readonly [code: string]: string | undefined } = {
  'DCM:121060': 'LN:55752-0',
  'DCM:121070': 'LN:59776-5',
  'DCM:121072': 'LN:19005-8',
  'DCM:121076': 'LN:55110-1',
};

function conceptCode(item: DicomJson, tag: string): { readonly key: string; readonly meaning: string } {
  const code = items(item, tag)[0];
  if (code === undefined) return { key: '', meaning: '' };
  const value = text(code, tags.CodeValue) ?? text(code, tags.LongCodeValue) ?? '';
  return {
    key: `${text(code, tags.CodingSchemeDesignator) ?? ''}:${value}`,
    meaning: text(code, tags.CodeMeaning) ?? '',
  };
}

function linesFolded(value: string): string {
  return value.replace(/\r\n|\r/g, '\n').trimEnd();
}

/** All TEXT below an item, in order; a section inside a section keeps its words with it. */
function textsBelow(item: DicomJson): readonly string[] {
  return items(item, tags.ContentSequence).flatMap((child) => {
    const own = text(child, tags.ValueType) === 'TEXT' ? [linesFolded(wholeText(child, tags.TextValue) ?? '')] : [];
    return [...own, ...textsBelow(child)];
  });
}

/** The sections of an SR, ours or another's, from WADO-RS metadata. */
export function srContentTree(document: DicomJson): SrContentTree {
  const sections = items(document, tags.ContentSequence).flatMap((item) => {
    if (text(item, tags.ValueType) !== 'CONTAINER') return [];
    const concept = conceptCode(item, tags.ConceptNameCodeSequence);
    const key = oldHeads[concept.key] ?? concept.key;
    const words = textsBelow(item).join('\n');
    // References alone are no words to be read.
    if (key === `LN:${keyImagesCode}` && words === '') return [];
    return [{ code: key.replace(/^LN:/, ''), title: concept.meaning, text: words }];
  });
  return { root: conceptCode(document, tags.ConceptNameCodeSequence).key, sections };
}

/** The image that an item refers to; absent in every other, so that what was vouched for before stays what it was. */
function vouchedImage(item: DicomJson): { readonly image?: string } {
  if (text(item, tags.ValueType) !== 'IMAGE') return {};
  const sop = items(item, tags.ReferencedSOPSequence)[0] ?? {};
  const frame = number(sop, tags.ReferencedFrameNumber);
  return { image: `${text(sop, tags.ReferencedSOPInstanceUID) ?? ''}${frame === null ? '' : `/${frame}`}` };
}

/** One content item with everything that it says. */
function vouchedItem(item: DicomJson): JsonValue {
  const value = wholeText(item, tags.TextValue);
  return {
    relationship: text(item, tags.RelationshipType),
    type: text(item, tags.ValueType),
    concept: conceptCode(item, tags.ConceptNameCodeSequence).key,
    // Orthanc's JSON strips the spaces around a text and around each backslash; no word is lost by that.
    text:
      value === null
        ? null
        : linesFolded(value)
            .replace(/\s*\\\s*/g, '\\')
            .trim(),
    code: conceptCode(item, tags.ConceptCodeSequence).key,
    name: personName(item, tags.PersonName).replace(/\^+$/, ''),
    uid: text(item, tags.UID),
    ...vouchedImage(item),
    children: items(item, tags.ContentSequence).map(vouchedItem),
  };
}

/** Every instance under a hierarchical reference, `series/instance`, sorted. */
function references(document: DicomJson, tag: string): readonly string[] {
  return items(document, tag)
    .flatMap((study) =>
      items(study, tags.ReferencedSeriesSequence).flatMap((series) =>
        items(series, tags.ReferencedSOPSequence).map(
          (sop) => `${text(series, tags.SeriesInstanceUID) ?? ''}/${text(sop, tags.ReferencedSOPInstanceUID) ?? ''}`,
        ),
      ),
    )
    .sort();
}

/** Absent for a document that is filed once, so that what was vouched for before stays what it was. */
function identicalTo(document: DicomJson): { readonly identical?: readonly string[] } {
  const found = references(document, tags.IdenticalDocumentsSequence);
  return found.length === 0 ? {} : { identical: found };
}

/** Absent for a document whose verifier wrote it, so that what was vouched for before stays what it was. */
function writtenBy(document: DicomJson): { readonly author?: readonly string[] } {
  const found = items(document, tags.AuthorObserverSequence);
  return found.length === 0 ? {} : { author: found.map((one) => personName(one, tags.PersonName).replace(/\^+$/, '')) };
}

/**
 * What we vouch for in a stored SR: identity, UIDs, completion, verification and every content item. Archives merge attributes of
 * their own into the rest, so bytes are not compared; this value's canonical JSON is.
 */
export function srVouchedValue(document: DicomJson): JsonValue {
  return {
    ...headVouchedValue(document),
    completion: text(document, tags.CompletionFlag),
    verification: text(document, tags.VerificationFlag),
    preliminary: text(document, tags.PreliminaryFlag),
    verifiedBy: items(document, tags.VerifyingObserverSequence).map(
      (one) =>
        `${personName(one, tags.VerifyingObserverName).replace(/\^+$/, '')}|${text(one, tags.VerificationDateTime) ?? ''}`,
    ),
    predecessors: references(document, tags.PredecessorDocumentsSequence),
    evidence: references(document, tags.CurrentRequestedProcedureEvidenceSequence),
    ...identicalTo(document),
    ...writtenBy(document),
    template: items(document, tags.ContentTemplateSequence).flatMap((one) => texts(one, tags.TemplateIdentifier)),
    title: conceptCode(document, tags.ConceptNameCodeSequence).key,
    content: items(document, tags.ContentSequence).map(vouchedItem),
  };
}
