import type {
  Endpoint,
  ImagingStudy,
  Observation,
  ObservationComponent,
  Organization,
  Practitioner,
} from '@medplum/fhirtypes';
import { kindWords, type MeasurementKind } from '../../domain/measurement/index.ts';
import type { Measurement, SignedKeyImage } from '../../domain/report/index.ts';
import { permittedText } from '../text/xhtml.ts';
import { systems } from './systems.ts';

/** Names of the Interactive Multimedia Report profile (RAD.IMR 1.1, FHIR R4). */
const imrCanonical = 'https://profiles.ihe.net/RAD/IMR/StructureDefinition';
export const imrProfiles = {
  bundle: `${imrCanonical}/imr-store-multimedia-report-bundle`,
  report: `${imrCanonical}/imr-diagnosticreport`,
  request: `${imrCanonical}/imr-servicerequest`,
  study: `${imrCanonical}/imr-imagingstudy`,
  observation: `${imrCanonical}/imr-observation`,
  endpoint: `${imrCanonical}/imaging-study-endpoint`,
  associatedStudy: `${imrCanonical}/associatedStudy`,
  usCoreNote: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-diagnosticreport-note',
} as const;

/** Under which systems the parts of a report are known again at its receiver; one resource for each value. */
export const imrSystems = {
  reader: 'urn:overread:reader',
  site: 'urn:overread:site',
  images: 'urn:overread:images',
  measurements: 'urn:overread:measurements',
} as const;

export type Named = { readonly system: string; readonly value: string };
/** A reference with the identifier beside it: it says who or what is meant where a server gives it another address. */
export type NamedReference = { readonly reference: string; readonly identifier: Named; readonly display?: string };

export const studyName = (uid: string): Named => ({ system: systems.dicomUid, value: `urn:oid:${uid}` });

export function readerNamed(npi: string | null, id: string): Named {
  return npi === null ? { system: imrSystems.reader, value: id } : { system: systems.npi, value: npi };
}

export function practitionerOf(name: Named, words: string): Practitioner {
  return { resourceType: 'Practitioner', identifier: [name], name: [{ text: permittedText(words) }] };
}

export function organizationOf(name: Named, words: string): Organization {
  return { resourceType: 'Organization', identifier: [name], active: true, name: permittedText(words) };
}

/** Where the images of one study are fetched (WADO-RS). `images` is the DICOMweb address of the archive. */
export function imagesEndpoint(images: string, studyUid: string): Endpoint {
  return {
    resourceType: 'Endpoint',
    meta: { profile: [imrProfiles.endpoint] },
    identifier: [{ system: imrSystems.images, value: studyUid }],
    status: 'active',
    connectionType: {
      system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
      code: 'dicom-wado-rs',
      display: 'DICOM WADO-RS',
    },
    payloadType: [{ coding: [{ system: systems.dicom, code: '113014', display: 'Study' }] }],
    payloadMimeType: ['application/dicom'],
    address: `${images}/studies/${studyUid}`,
  };
}

export function imagingStudyOf(study: {
  readonly uid: string;
  readonly modalities: readonly string[];
  /** FHIR dateTime; null where the images tell no date. */
  readonly started: string | null;
  readonly description: string;
  readonly subject: NamedReference;
  readonly request: NamedReference | null;
  readonly endpoint: NamedReference;
}): ImagingStudy {
  return {
    resourceType: 'ImagingStudy',
    meta: { profile: [imrProfiles.study] },
    identifier: [studyName(study.uid)],
    status: 'available',
    modality: study.modalities.map((code) => ({ system: systems.dicom, code })),
    subject: study.subject,
    ...(study.started === null ? {} : { started: study.started }),
    ...(study.request === null ? {} : { basedOn: [study.request] }),
    endpoint: [study.endpoint],
    ...(study.description === '' ? {} : { description: permittedText(study.description) }),
  };
}

/** What a number is, by its tool and unit: the codes of the SR (CID 7470, 7550, 7461, 7180), in words where none has one. */
function measured(tool: MeasurementKind, unit: string): { readonly system: string; readonly code: string } | null {
  if (tool === 'cobb') return { system: systems.snomed, code: '285285000' };
  if (tool === 'angle') return { system: systems.snomed, code: '1483009' };
  if (tool === 'length') return { system: systems.snomed, code: '410668003' };
  if (tool === 'bidirectional') return { system: systems.snomed, code: '103339001' };
  if (unit === 'mm2') return { system: systems.snomed, code: '42798000' };
  if (unit === "[hnsf'U]") return { system: systems.dicom, code: '112031' };
  return null;
}

export function measurementsName(reportId: string): Named {
  return { system: imrSystems.measurements, value: reportId };
}

const place = (one: { readonly seriesUid: string; readonly instanceUid: string; readonly frame: number }): string =>
  `series/${one.seriesUid}/instances/${one.instanceUid}/frames/${one.frame}`;

/** A number and where it was taken: below the study's endpoint, as WADO-RS names it. */
function numberOf(measurement: Measurement): readonly ObservationComponent[] {
  const { tool, value, unit, text } = measurement;
  const code = measured(tool, unit);
  return [
    {
      code: { ...(code === null ? {} : { coding: [code] }), text: `${kindWords[tool]}: ${permittedText(text)}` },
      valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
    },
    {
      code: {
        coding: [{ system: systems.dicom, code: '121112', display: 'Source of Measurement' }],
        text: `${kindWords[tool]}: ${permittedText(text)}`,
      },
      valueString: `studies/${measurement.studyUid}/${place(measurement)}`,
    },
  ];
}

function keyImageOf(image: SignedKeyImage): ObservationComponent {
  return {
    code: {
      coding: [{ system: systems.dicom, code: '121080', display: 'Best illustration of finding' }],
      ...(image.caption === '' ? {} : { text: permittedText(image.caption) }),
    },
    valueString: `studies/${image.studyUid}/${place(image)}`,
  };
}

/**
 * All numbers and key images of the report in one resource, which has one name through all versions: a correction takes its place, and nothing of an
 * earlier version is left beside it.
 */
export function observationOf(
  content: { readonly measurements: readonly Measurement[]; readonly keyImages: readonly SignedKeyImage[] },
  of: {
    readonly name: Named;
    readonly status: 'preliminary' | 'final' | 'amended' | 'corrected';
    readonly issued: string;
    readonly subject: NamedReference;
    readonly request: NamedReference | null;
    readonly performer: NamedReference;
    readonly study: NamedReference;
  },
): Observation {
  return {
    resourceType: 'Observation',
    // IMR's own Observation asks for the order.
    ...(of.request === null ? {} : { meta: { profile: [imrProfiles.observation] }, basedOn: [of.request] }),
    identifier: [of.name],
    status: of.status,
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: 'imaging',
            display: 'Imaging',
          },
        ],
      },
    ],
    // PS3.16 TID 1500.
    code: { coding: [{ system: systems.dicom, code: '126010', display: 'Imaging Measurements' }] },
    subject: of.subject,
    issued: of.issued,
    performer: [of.performer],
    derivedFrom: [of.study],
    component: [...content.measurements.flatMap(numberOf), ...content.keyImages.map(keyImageOf)],
  };
}

/** The numbers of an earlier version where this one has none: the receiver must not show them as this report's. */
export function takenBack(name: Named, subject: NamedReference): Observation {
  return {
    resourceType: 'Observation',
    identifier: [name],
    status: 'entered-in-error',
    code: { text: 'Taken back by a later version of the report' },
    subject,
  };
}
