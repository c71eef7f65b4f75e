const classes: { readonly [modality: string]: readonly [single: string, multi: string] } = {
  CR: ['1.2.840.10008.5.1.4.1.1.1', '1.2.840.10008.5.1.4.1.1.1'],
  DX: ['1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.5.1.4.1.1.1.1'],
  MG: ['1.2.840.10008.5.1.4.1.1.1.2', '1.2.840.10008.5.1.4.1.1.1.2'],
  CT: ['1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.5.1.4.1.1.2'],
  MR: ['1.2.840.10008.5.1.4.1.1.4', '1.2.840.10008.5.1.4.1.1.4'],
  US: ['1.2.840.10008.5.1.4.1.1.6.1', '1.2.840.10008.5.1.4.1.1.3.1'],
};

export const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';

/** SOP Class UID (PS3.4 B.5) of an image; DX and MG are the For Presentation classes. */
export function sopClassOf(modality: string, frames: number): string {
  const found = classes[modality];
  if (found === undefined) throw new Error(`the demo day makes no ${modality}`);
  return found[frames > 1 ? 1 : 0];
}
