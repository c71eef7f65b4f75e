import { expect, test } from 'vitest';
import { lineParts } from './unbroken-parts.ts';

/** What must stay on one line, as it stands in the text. */
const kept = (text: string): readonly string[] => lineParts(text).flatMap((part) => (part.whole ? [part.words] : []));

test('a date, a time with its zone, a number with its unit and an accession number are never parted', () => {
  expect(kept('born 1952-03-09, 74 y · LKG-88213 · CT head')).toEqual(['1952-03-09', '74 y', 'LKG-88213']);
  expect(kept('signed 2026-11-22 01:31:05 PST by Dr C. Woldt')).toEqual(['2026-11-22', '01:31:05 PST']);
  expect(kept('due 02:30 GMT+5:30, then 03:00')).toEqual(['02:30 GMT+5:30', '03:00']);
  expect(kept('A lesion of 48 mm, another of 6.2 x 4 cm, 5-10 mm apart, −12 HU, 5mm slices, 26%')).toEqual([
    '48 mm',
    '6.2 x 4 cm',
    '5-10 mm',
    '−12 HU',
    '5mm',
    '26%',
  ]);
  expect(kept('It waited 12 minutes; 3 days are left')).toEqual(['12 minutes', '3 days']);
  expect(kept('L732555 LARKSPUR-MPI, T-Shirt')).toEqual(['LARKSPUR-MPI']);
});

test('an address is one word, without the mark that ends its sentence', () => {
  expect(kept('such as https://pacs.example/dicom-web. It stands in every report.')).toEqual([
    'https://pacs.example/dicom-web',
  ]);
  expect(kept('(https://fhir.example/r4), or http://10.0.0.7:8042/dicom-web')).toEqual([
    'https://fhir.example/r4',
    'http://10.0.0.7:8042/dicom-web',
  ]);
  expect(kept('https://pacs.example/a/path/that-needs/the-room/of-two-lines/here')).toEqual([]);
});

test('other words part where they like: names of two parts, counts, and numbers too long for a line', () => {
  expect(kept('Featherstonehaugh-Cholmondeley, 25 images, 3 meters')).toEqual([]);
  expect(kept('1.2.840.113619.2.55.3 and a1b2-c3d4-e5f6-a7b8-c9d0-e1f2')).toEqual([]);
});

test('no word is lost or changed', () => {
  for (const text of ['', '2026-11-22', 'from 01:31 PST to 02:00 PST.', 'nothing of that kind'])
    expect(
      lineParts(text)
        .map((part) => part.words)
        .join(''),
    ).toBe(text);
});
