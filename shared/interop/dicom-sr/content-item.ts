import { type DicomJson, tags } from '../dicom-json/index.ts';
import { type CodedConcept, line, person, sequence, strings, unlimited, words } from './element.ts';

export type Relationship = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD';

/** DICOM Controlled Terminology (PS3.16 annex D). */
export function dcm(value: string, meaning: string): CodedConcept {
  return { value, scheme: 'DCM', meaning };
}

export function loinc(value: string, meaning: string): CodedConcept {
  return { value, scheme: 'LN', meaning };
}

/** Code Sequence macro (PS3.3 table 8.8-1): a value over 16 characters goes into Long Code Value. */
export function codeItem(code: CodedConcept): DicomJson {
  return {
    ...(code.value.length > 16
      ? { [tags.LongCodeValue]: strings('UC', line(code.value, 1024)) }
      : { [tags.CodeValue]: words('SH', code.value) }),
    [tags.CodingSchemeDesignator]: words('SH', code.scheme),
    [tags.CodeMeaning]: words('LO', code.meaning),
  };
}

function item(relationship: Relationship, valueType: string, concept: CodedConcept): DicomJson {
  return {
    [tags.RelationshipType]: strings('CS', relationship),
    [tags.ValueType]: strings('CS', valueType),
    [tags.ConceptNameCodeSequence]: sequence(codeItem(concept)),
  };
}

export function textItem(relationship: Relationship, concept: CodedConcept, text: string): DicomJson {
  return { ...item(relationship, 'TEXT', concept), [tags.TextValue]: strings('UT', unlimited(text)) };
}

export function codedItem(relationship: Relationship, concept: CodedConcept, value: CodedConcept): DicomJson {
  return { ...item(relationship, 'CODE', concept), [tags.ConceptCodeSequence]: sequence(codeItem(value)) };
}

export function personItem(relationship: Relationship, concept: CodedConcept, name: string): DicomJson {
  return { ...item(relationship, 'PNAME', concept), [tags.PersonName]: person(name) };
}

export function uidItem(relationship: Relationship, concept: CodedConcept, uid: string): DicomJson {
  return { ...item(relationship, 'UIDREF', concept), [tags.UID]: strings('UI', uid) };
}

export function container(concept: CodedConcept, children: readonly DicomJson[]): DicomJson {
  return {
    ...item('CONTAINS', 'CONTAINER', concept),
    [tags.ContinuityOfContent]: strings('CS', 'SEPARATE'),
    [tags.ContentSequence]: sequence(...children),
  };
}
