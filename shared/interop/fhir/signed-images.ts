import type { ImagingStudy } from '@medplum/fhirtypes';
import type { ListedImage, SeriesName, SignedImages } from '../../domain/images-after-report/index.ts';
import { at, extensionOf, isFhirId, listAt, numberAt, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/**
 * What the archive said of a study's images when a version of its report was released, as an R4 ImagingStudy that nobody changes: later,
 * what has gone can still be named. What was signed is the list in the report, and this never stands in its place.
 */
const framesUrl = 'urn:overread:frames';
const classes = 'urn:ietf:rfc:3986';

export function signedImagesToFhir(
  known: SignedImages['known'],
  about: {
    readonly id: string;
    readonly studyUid: string;
    readonly digest: string;
    readonly patientReference: string | null;
  },
): ImagingStudy & { readonly id: string } {
  const names = new Map(known.series.map((one) => [one.seriesUid, one]));
  const bySeries = new Map<string, ListedImage[]>();
  for (const one of known.images) {
    const images = bySeries.get(one.seriesUid);
    if (images === undefined) bySeries.set(one.seriesUid, [one]);
    else images.push(one);
  }
  return {
    resourceType: 'ImagingStudy',
    id: about.id,
    extension: [{ url: ours.reportDigest, valueString: about.digest }],
    identifier: [{ system: systems.dicomUid, value: `urn:oid:${about.studyUid}` }],
    status: 'available',
    subject:
      about.patientReference === null
        ? { display: 'as in the report' }
        : { reference: `Patient/${about.patientReference}` },
    series: [...bySeries].map(([seriesUid, images]) => {
      const name = names.get(seriesUid);
      const description = name?.description ?? '';
      return {
        uid: seriesUid,
        ...(name?.number == null || name.number < 0 ? {} : { number: name.number }),
        modality: { system: systems.dicom, code: name?.modality || images[0]?.modality || 'OT' },
        ...(description === '' ? {} : { description }),
        numberOfInstances: images.length,
        instance: images.map((one) => ({
          uid: one.instanceUid,
          sopClass:
            one.sopClassUid === '' ? { display: 'not told' } : { system: classes, code: `urn:oid:${one.sopClassUid}` },
          ...(one.frames === 1 ? {} : { extension: [{ url: framesUrl, valueInteger: one.frames }] }),
        })),
      };
    }),
  };
}

/** Null where it is something else, or of another version of a report. */
export function signedImagesFromFhir(resource: unknown, digest: string): SignedImages['known'] | null {
  if (at(resource, 'resourceType') !== 'ImagingStudy') return null;
  if (textAt(extensionOf(resource, ours.reportDigest), 'valueString') !== digest) return null;
  const images: ListedImage[] = [];
  const series: SeriesName[] = [];
  for (const one of listAt(resource, 'series')) {
    const seriesUid = textAt(one, 'uid');
    if (seriesUid === null || !isFhirId(seriesUid)) continue;
    const modality = textAt(one, 'modality', 'code') ?? '';
    const number = numberAt(one, 'number');
    series.push({ seriesUid, modality, description: textAt(one, 'description') ?? '', number });
    for (const instance of listAt(one, 'instance')) {
      const instanceUid = textAt(instance, 'uid');
      if (instanceUid === null) continue;
      const sopClassUid = textAt(instance, 'sopClass', 'code')?.replace(/^urn:oid:/, '') ?? '';
      const frames = numberAt(extensionOf(instance, framesUrl), 'valueInteger') ?? 1;
      images.push({ instanceUid, seriesUid, sopClassUid, modality, frames });
    }
  }
  return { images, series };
}
