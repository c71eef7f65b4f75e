import { type DicomJson, tags } from '../dicom-json/index.ts';
import { codedItem, dcm, personItem } from './content-item.ts';
import { sequence, strings } from './element.ts';
import { keyObjectClass } from './key-images.ts';
import { documentHead, type MarksDocument } from './marks-document.ts';

/**
 * A Key Object Selection that withdraws the documents of a report (IHE RAD IOCM; title 113037 of CID 7010, TID 2010): an archive or a
 * viewer that obeys it shows those documents no more. `facts.evidence` are the documents, and nothing else.
 */
export function withdrawalNote(facts: MarksDocument): DicomJson {
  const documents = facts.evidence.map((one) => ({
    [tags.RelationshipType]: strings('CS', 'CONTAINS'),
    [tags.ValueType]: strings('CS', 'COMPOSITE'),
    [tags.ReferencedSOPSequence]: sequence({
      [tags.ReferencedSOPClassUID]: strings('UI', one.sopClassUid),
      [tags.ReferencedSOPInstanceUID]: strings('UI', one.instanceUid),
    }),
  }));
  return {
    ...documentHead(facts, {
      sopClassUid: keyObjectClass,
      modality: 'KO',
      description: 'Withdrawn reports',
      number: 9003,
      title: dcm('113037', 'Rejected for Patient Safety Reasons'),
      template: '2010',
    }),
    [tags.ContentSequence]: sequence(
      codedItem('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
      personItem('HAS OBS CONTEXT', dcm('121008', 'Person Observer Name'), facts.observer),
      ...documents,
    ),
  };
}
