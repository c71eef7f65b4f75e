import type { Brand } from '../../lib/brand.ts';
import { isStateCode, stateNames } from './state-codes.ts';

/** Where somebody sits while she reads: a US state or territory as ISO 3166-2 ("US-NV"), another country as ISO 3166-1 ("AU"). */
export type ReadingFrom = Brand<string, 'ReadingFrom'>;

/** Countries from which groups read for the United States, by ISO 3166-1 alpha-2; any other code is taken too. */
export const countriesAbroad: Readonly<Record<string, string>> = {
  AE: 'United Arab Emirates',
  AR: 'Argentina',
  AU: 'Australia',
  BR: 'Brazil',
  CA: 'Canada',
  CH: 'Switzerland',
  DE: 'Germany',
  ES: 'Spain',
  FR: 'France',
  GB: 'United Kingdom',
  IE: 'Ireland',
  IL: 'Israel',
  IN: 'India',
  IT: 'Italy',
  JP: 'Japan',
  KR: 'South Korea',
  MX: 'Mexico',
  NL: 'Netherlands',
  NZ: 'New Zealand',
  PH: 'Philippines',
  SE: 'Sweden',
  SG: 'Singapore',
  ZA: 'South Africa',
};

/** Null for what names no place. "US" alone is too little: contracts and licences go by state. */
export function parseReadingFrom(text: string): ReadingFrom | null {
  const place = text.trim().toUpperCase();
  if (place.startsWith('US-')) return isStateCode(place.slice(3)) ? (place as ReadingFrom) : null;
  return /^[A-Z]{2}$/.test(place) && place !== 'US' ? (place as ReadingFrom) : null;
}

export function readingFromAbroad(from: ReadingFrom): boolean {
  return !from.startsWith('US-');
}

/** "Nevada", "Australia". */
export function readingFromWords(from: ReadingFrom): string {
  if (readingFromAbroad(from)) return countriesAbroad[from] ?? `abroad (${from})`;
  return stateNames[from.slice(3)] ?? from;
}
