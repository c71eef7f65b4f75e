import { type ChannelField, choice, text } from './channel-field.ts';

const address = (example: string) =>
  text(/^https?:\/\/[^\s?#@]{1,990}$/, `Give an address such as ${example}, without user name, “?” or “#”.`);
// FHIR R4 Identifier.system is a URI; a search by it (token) would break at these three (search.html#escaping).
const system = text(
  /^[A-Za-z][A-Za-z0-9+.-]{1,30}:[^\s|,$\\]{1,300}$/,
  'Give a URI such as urn:oid:1.2.3 or https://site.example/mrn.',
);

/** A site's FHIR server that takes reports by IHE RAD-141 (Store Multimedia Report). */
export const imrFields: readonly ChannelField[] = [
  {
    key: 'url',
    label: 'FHIR address',
    hint: 'The base, such as https://fhir.example/r4 (FHIR R4).',
    takes: address('https://fhir.example/r4'),
  },
  {
    key: 'token',
    label: 'Token',
    hint: 'By which the server knows this host. It is written down and never shown again.',
    takes: choice(['none', 'none'], ['kept', 'the one that is set'], ['new', 'a new one']),
  },
  {
    key: 'newToken',
    label: 'New token',
    takes: {
      kind: 'secret',
      form: /^[\x21-\x7e]{1,4000}$/,
      otherwise: 'Give the token as the server’s operator gave it: letters, digits and signs, no spaces.',
    },
    when: { key: 'token', is: 'new' },
  },
  {
    key: 'patientSystem',
    label: 'Patient number system',
    hint: 'The URI under which the server keeps the site’s patient numbers. By it, and never by a name, the patient is found.',
    takes: system,
  },
  {
    key: 'accessionSystem',
    label: 'Accession system',
    hint: 'The URI under which the server keeps the site’s accession numbers.',
    takes: system,
  },
  {
    key: 'patients',
    label: 'Unknown patients',
    hint: 'Where the server has nobody of the report’s number.',
    takes: choice(['known', 'stop the delivery; a person looks'], ['created', 'are created there']),
  },
  {
    key: 'images',
    label: 'Images (DICOMweb)',
    hint: 'Where the report’s readers fetch the images, such as https://pacs.example/dicom-web. It stands in every report.',
    takes: address('https://pacs.example/dicom-web'),
  },
  {
    key: 'pdf',
    label: 'Signed PDF',
    takes: choice(['yes', 'goes along with the HTML'], ['no', 'is left out: HTML alone']),
  },
];
