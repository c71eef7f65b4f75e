import { type DataSet, text, uid } from '../dicom-json.ts';

/** Whose object it says it is, and by whom and when it was made; words of somebody else's. */
export type ObjectAbout = {
  readonly instanceUid: string;
  readonly sopClassUid: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly birthDate: string;
  readonly label: string;
  readonly description: string;
  readonly creator: string;
  /** "2019-01-07 22:35 site’s zone"; empty where it does not say. */
  readonly made: string;
};

export function aboutOf(data: DataSet): ObjectAbout {
  return {
    instanceUid: uid(data, '00080018') ?? '',
    sopClassUid: text(data, '00080016'),
    patientId: text(data, '00100020'),
    patientName: text(data, '00100010'),
    birthDate: text(data, '00100030'),
    label: text(data, '00700080').slice(0, 64),
    description: text(data, '00700081').slice(0, 64),
    creator: text(data, '00700084').replaceAll('^', ' ').trim().slice(0, 100),
    made:
      moment(text(data, '00700082'), text(data, '00700083')) || moment(text(data, '00080023'), text(data, '00080033')),
  };
}

function moment(date: string, time: string): string {
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(date);
  if (day === null) return '';
  const clock = /^(\d{2})(\d{2})/.exec(time);
  return `${day[1]}-${day[2]}-${day[3]}${clock === null ? '' : ` ${clock[1]}:${clock[2]} site’s zone`}`;
}

/** Names compare by letters alone: writers differ in case, carets and padding. */
const plain = (name: string): string =>
  (name.split('=')[0] ?? '')
    .toUpperCase()
    .replace(/[\^\s.,]+/g, ' ')
    .trim();

/**
 * Why an object is not this patient's, or null. What either side leaves out says nothing; what both say must agree. One study may hold
 * an object that was filed under it by mistake, and its words would stand beside another's images.
 */
export function otherPatient(
  object: Pick<ObjectAbout, 'patientId' | 'patientName' | 'birthDate'>,
  patient: { readonly patientId: string; readonly patientName: string; readonly birthDate: string },
): string | null {
  const differs = (one: string, other: string): boolean => one !== '' && other !== '' && one !== other;
  const parts = [
    differs(object.patientId, patient.patientId) ? `its patient id is ${object.patientId}` : '',
    differs(plain(object.patientName), plain(patient.patientName))
      ? `its patient is ${object.patientName.replaceAll('^', ' ').trim()}`
      : '',
    differs(object.birthDate, patient.birthDate) ? `its birth date is ${object.birthDate}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0
    ? null
    : `Not shown: this object names another patient than the images beside it (${parts.join('; ')}). Tell its site.`;
}
