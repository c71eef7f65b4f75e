/// <reference path="./dcmjs.d.ts" />
import dcmjs from 'dcmjs';

const dictionary = dcmjs.data.DicomMetaDictionary.dictionary;
const known = new Map<number, string>();

/**
 * Value representation of an element by the data dictionary (PS3.6), for objects that do not write it (implicit VR, UN). `pixelsSigned`
 * settles the elements that are US or SS by Pixel Representation (0028,0103). Unknown elements are UN.
 */
export function dictionaryVr(group: number, element: number, pixelsSigned: boolean): string {
  if (element === 0) return 'UL';
  if (group % 2 === 1) return element >= 0x10 && element <= 0xff ? 'LO' : 'UN';
  // Curves and overlays repeat by group (PS3.5 7.6).
  const base = group >= 0x6000 && group <= 0x601e ? 0x6000 : group;
  const key = base * 0x10000 + element;
  let vr = known.get(key);
  if (vr === undefined) {
    vr = lookUp(base, element);
    known.set(key, vr);
  }
  return vr === 'xs' ? (pixelsSigned ? 'SS' : 'US') : vr;
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

function lookUp(group: number, element: number): string {
  const names =
    group === 0x6000 ? [`(60xx,${hex(element)})`, `(6000,${hex(element)})`] : [`(${hex(group)},${hex(element)})`];
  for (const name of names) {
    const vr = dictionary[name]?.vr;
    if (vr === undefined) continue;
    if (vr === 'ox' || vr === 'lt') return 'OW';
    if (vr === 'up') return 'UL';
    if (vr === 'na') return 'UN';
    return vr.length === 2 ? vr : 'UN';
  }
  return 'UN';
}
