import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import type { PDFDocument, PDFFont } from 'pdf-lib';
import { sfntFromWoff } from './sfnt-from-woff.ts';

/** Which characters a face draws, and its bytes. */
type Face = { readonly bytes: Uint8Array; readonly has: (point: number) => boolean };

/** Subsets of IBM Plex Sans (OFL-1.1) in the order in which a character is looked for. */
const subsets = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'] as const;
export type Weight = 400 | 600;

function readFace(subset: string, weight: Weight): Face {
  const require = createRequire(import.meta.url);
  const bytes = sfntFromWoff(
    readFileSync(require.resolve(`@fontsource/ibm-plex-sans/files/ibm-plex-sans-${subset}-${weight}-normal.woff`)),
  );
  const face = fontkit.create(bytes);
  return { bytes, has: (point) => face.hasGlyphForCodePoint(point) };
}

/** A run of text that one font draws. */
export type Run = { readonly font: PDFFont; readonly text: string };

export type Typesetter = {
  /** Cuts a text into runs; only those fonts that are used are embedded. */
  runs(text: string, weight: Weight): Promise<readonly Run[]>;
};

/**
 * Fonts for Latin, Greek and Cyrillic. A character that no face draws is printed as its code point, `[U+4E2D]`: nothing is dropped,
 * and the reader sees that something stands there.
 */
export function createTypesetter(document: PDFDocument): Typesetter {
  document.registerFontkit(fontkit);
  const faces = new Map<string, Face>();
  const embedded = new Map<string, Promise<PDFFont>>();
  const faceOf = (subset: string, weight: Weight): Face => {
    const key = `${subset}-${weight}`;
    const face = faces.get(key) ?? readFace(subset, weight);
    faces.set(key, face);
    return face;
  };
  const fontOf = (subset: string, weight: Weight): Promise<PDFFont> => {
    const key = `${subset}-${weight}`;
    // Ligatures and alternates off: what is copied out of the PDF must be the words that were signed.
    const font =
      embedded.get(key) ??
      document.embedFont(faceOf(subset, weight).bytes, { features: { liga: false, calt: false, ccmp: false } });
    embedded.set(key, font);
    return font;
  };
  const subsetFor = (point: number, weight: Weight): string | null =>
    subsets.find((subset) => faceOf(subset, weight).has(point)) ?? null;

  return {
    runs: async (text, weight) => {
      const pieces: { subset: string; text: string }[] = [];
      for (const letter of text.toWellFormed().normalize('NFC')) {
        const point = letter.codePointAt(0) ?? 0xfffd;
        const found = subsetFor(point, weight);
        const printed = found === null ? `[U+${point.toString(16).toUpperCase().padStart(4, '0')}]` : letter;
        const subset = found ?? 'latin';
        const last = pieces.at(-1);
        if (last?.subset === subset) last.text += printed;
        else pieces.push({ subset, text: printed });
      }
      const runs: Run[] = [];
      for (const piece of pieces) runs.push({ font: await fontOf(piece.subset, weight), text: piece.text });
      return runs;
    },
  };
}
