/** Modalities as a reader groups them: a radiograph is one exam whether the machine writes CR, DX or RG. */
export const modalityGroups = ['CT', 'MR', 'XR', 'US', 'MG', 'NM', 'PT', 'RF', 'XA', 'DXA'] as const;
export type ModalityGroup = (typeof modalityGroups)[number];

/** Defined terms of Modality (0008,0060), PS3.3 C.7.3.1.1.1, and the words that orders use for the same. */
const groups = new Map<string, ModalityGroup>();
const add = (group: ModalityGroup, words: string): void => {
  for (const word of words.split(' ')) groups.set(word, group);
};
add('CT', 'CT CAT CTA CTV CTPA CECT NCCT HRCT LDCT');
add('MR', 'MR MRI MRA MRV MRCP FMRI');
add('XR', 'XR CR DX DR RG XRAY RADIOGRAPH RADIOGRAPHS RADIOGRAPHIC RADIOGRAPHY CXR AXR KUB IO PX');
add('US', 'US ULTRASOUND ULTRASONOGRAPHY SONOGRAM SONOGRAPHY DOPPLER DUPLEX IVUS');
add('MG', 'MG MAMMOGRAM MAMMOGRAMS MAMMOGRAPHY MAMMO TOMOSYNTHESIS DBT');
add('NM', 'NM SCINTIGRAPHY SCINTIGRAM SPECT');
add('PT', 'PT PET');
add('RF', 'RF FL FLUORO FLUOROSCOPY ESOPHAGRAM');
add('XA', 'XA ANGIOGRAM ANGIOGRAPHY ANGIO VENOGRAM');
add('DXA', 'DXA DEXA BMD DENSITOMETRY');

/** The group of a modality code or of one word; null where it names none that we know. */
export function modalityGroup(code: string): ModalityGroup | null {
  return groups.get(code.trim().toUpperCase()) ?? null;
}

/** The group that one word of an exam's name tells, with the word after it. */
export function modalityOfToken(token: string, next: string): ModalityGroup | null {
  if (token === 'COMPUTED' && next === 'TOMOGRAPHY') return 'CT';
  if (token === 'MAGNETIC' && next === 'RESONANCE') return 'MR';
  if (token === 'PLAIN' && next.startsWith('FILM')) return 'XR';
  if (token === 'BONE' && next === 'SCAN') return 'NM';
  if (token === 'BONE' && next === 'DENSITY') return 'DXA';
  return groups.get(token) ?? null;
}

/** Groups that one machine or one exam may write for the other; they are no contradiction. */
const kin = new Set(['RF XR', 'RF XA', 'NM PT', 'CT PT', 'CT NM', 'MR PT']);

export function sameOrKin(left: ModalityGroup, right: ModalityGroup): boolean {
  return left === right || kin.has([left, right].sort().join(' '));
}
