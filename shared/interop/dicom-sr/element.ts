import type { DicomElement, DicomJson } from '../dicom-json/index.ts';

/** Elements of DICOM JSON by VR; an empty value is an element without `Value` (type 2). */
export type Dataset = { [tag: string]: DicomElement };

export type CodedConcept = { readonly value: string; readonly scheme: string; readonly meaning: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters may not stand in a text VR (PS3.5 6.1.3)
const controls = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/g;

/** One line for LO, SH and PN: no control characters, no backslash (it separates values), no more than `most` characters. */
export function line(text: string, most: number): string {
  const clean = text
    .toWellFormed()
    .replace(/[\r\n\t\f]+/g, ' ')
    .replace(controls, '\ufffd')
    .replaceAll('\\', '/')
    .trim();
  return [...clean].slice(0, most).join('').trim();
}

/** Text for UT: lines end in CR LF (PS3.5 6.1.3), trailing spaces are padding and left out. */
export function unlimited(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n|\r|\n/g, '\r\n')
    .replace(controls, '\ufffd')
    .trimEnd();
}

export function strings(vr: string, ...values: readonly (string | null)[]): DicomElement {
  const present = values.filter((value): value is string => value !== null && value !== '');
  return present.length === 0 ? { vr } : { vr, Value: present };
}

/** LO, SH: cut to the VR's length (PS3.5 table 6.2-1). Identifiers are never cut: half an accession is another accession. */
export function words(vr: 'LO' | 'SH', value: string | null): DicomElement {
  return strings(vr, value === null ? null : line(value, vr === 'LO' ? 64 : 16));
}

export function identifier(vr: 'LO' | 'SH', value: string | null): DicomElement {
  return strings(vr, value === null ? null : line(value, 1024));
}

/** PN in the groups of DICOM JSON (PS3.18 F.2.2). */
export function person(name: string): DicomElement {
  const [Alphabetic = '', Ideographic = '', Phonetic = ''] = line(name, 324).split('=');
  const groups = { Alphabetic, Ideographic, Phonetic };
  const present = Object.fromEntries(Object.entries(groups).filter(([, group]) => group !== ''));
  return Object.keys(present).length === 0 ? { vr: 'PN' } : { vr: 'PN', Value: [present] };
}

export function sequence(...items: readonly DicomJson[]): DicomElement {
  return items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: items };
}

export function integer(value: number): DicomElement {
  return { vr: 'IS', Value: [value] };
}
