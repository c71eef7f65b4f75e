import { type DataSet, text } from '../dicom-json.ts';
import { aboutOf, type ObjectAbout } from './about.ts';
import { type PresentationState, presentationState } from './presentation-state.ts';
import { type Segmentation, segmentation } from './segmentation.ts';

/** An object of a study that is neither an image nor a structured document, and what is done with it. */
export type StudyObject = { readonly about: ObjectAbout } & (
  | { readonly kind: 'presentation'; readonly state: PresentationState }
  | { readonly kind: 'segmentation'; readonly segmentation: Segmentation }
  | { readonly kind: 'waveform'; readonly name: string }
  | { readonly kind: 'pdf'; readonly title: string }
  /** Not drawn: `why` says so. `extension` is that of the file it can be saved as; null where it cannot. */
  | { readonly kind: 'kept'; readonly name: string; readonly why: string; readonly extension: string | null }
);

const prefix = '1.2.840.10008.5.1.4.1.1.';

/** Waveform Storage classes (PS3.4 B.5) that are drawn as lines over time. */
const waveforms: Readonly<Record<string, string>> = {
  '9.1.1': '12-lead ECG',
  '9.1.2': 'General ECG',
  '9.1.3': 'Ambulatory ECG',
  '9.1.4': 'General 32-bit ECG',
  '9.2.1': 'Haemodynamic waveform',
  '9.3.1': 'Cardiac electrophysiology waveform',
  '9.5.1': 'Arterial pulse waveform',
  '9.6.1': 'Respiratory waveform',
  '9.6.2': 'Multi-channel respiratory waveform',
  '9.7.1': 'Routine scalp EEG',
  '9.7.2': 'Electromyogram',
  '9.7.3': 'Electrooculogram',
  '9.7.4': 'Sleep EEG',
};

const kept: Readonly<Record<string, readonly [name: string, why: string, extension: string | null]>> = {
  '104.2': ['Document (CDA)', 'a clinical document in XML: its markup is not drawn here', 'xml'],
  '104.3': ['3D model (STL)', 'a surface for printing: it is not drawn here', 'stl'],
  '104.4': ['3D model (OBJ)', 'a surface for printing: it is not drawn here', 'obj'],
  '104.5': ['Material (MTL)', 'a material of a 3D model: it is not drawn here', 'mtl'],
  '9.4.1': ['Sound', 'a recording of a voice: it is not played here', null],
  '9.4.2': ['Sound', 'a recording: it is not played here', null],
};

/** Presentation states (PS3.4 B.5) beside the greyscale and the colour one, which alone are applied. */
const otherStates: Readonly<Record<string, string>> = {
  '11.3': 'pseudo-colour',
  '11.4': 'blending',
  '11.5': 'angiography',
  '11.6': 'planar MPR, greyscale',
  '11.7': 'planar MPR, compositing',
  '11.8': 'advanced blending',
  '11.9': 'volume rendering',
  '11.10': 'volume rendering of segments',
  '11.11': 'volume rendering of several volumes',
  '11.12': 'variable modality LUT',
};

/** Waveforms, presentation states, segmentations and encapsulated documents (PS3.4 B.5). */
const families = /^(9|11|66|104)\./;

/** What an instance is beside images and structured documents; null for those and for what nothing is known of. */
export function studyObject(data: DataSet): StudyObject | null {
  const sopClass = text(data, '00080016');
  if (!sopClass.startsWith(prefix)) return null;
  const short = sopClass.slice(prefix.length);
  // Most instances are images: nothing more of them is read here.
  if (!families.test(short)) return null;
  const about = aboutOf(data);
  if (about.instanceUid === '') return null;
  const state = presentationState(data);
  if (state !== null) return { kind: 'presentation', about, state };
  if (short.startsWith('11.')) {
    const name = Object.hasOwn(otherStates, short) ? otherStates[short] : undefined;
    return {
      kind: 'kept',
      about,
      name: `Presentation state${name === undefined ? '' : ` (${name})`}`,
      why: 'of a kind that is not applied here: its images are shown as they were sent',
      extension: null,
    };
  }
  const segments = segmentation(data);
  if (segments !== null) return { kind: 'segmentation', about, segmentation: segments };
  if (Object.hasOwn(waveforms, short)) return { kind: 'waveform', about, name: waveforms[short] ?? 'Waveform' };
  if (short === '104.1') return { kind: 'pdf', about, title: text(data, '00420010') || 'Document (PDF)' };
  const known = Object.hasOwn(kept, short) ? kept[short] : undefined;
  if (known === undefined) return null;
  const [name, why, extension] = known;
  return { kind: 'kept', about, name, why, extension };
}
