import { describe, expect, it } from 'vitest';
import { readablePdf } from '../../golden/readable.ts';
import { type Arrival, channels, count } from './count.ts';
import { livesOf, signingOrder } from './lives.ts';
import { pdfOf } from './make-version.ts';
import { smallPdf } from './small-pdf.ts';

const lives = livesOf(7, 60);
const all: readonly Arrival[] = channels.flatMap((receiver) =>
  lives.flatMap((life) =>
    life.versions.map(
      ({ content }): Arrival => ({
        receiver,
        accession: life.accession,
        version: content.version,
        again: false,
        rightPeople: true,
      }),
    ),
  ),
);
const none = { lost: 0, doubled: 0, reordered: 0, notCurrent: 0, preliminaryAfterFinal: 0, wrongPeople: 0, again: 0 };
const two = lives.find((life) => life.versions[0]?.content.kind === 'preliminary' && life.versions.length === 2);
const of = (receiver: Arrival['receiver']): Arrival[] =>
  all.filter((one) => one.receiver === receiver && one.accession === two?.accession);
const others = all.filter((one) => !of('hl7').includes(one));

describe('the document of each version in the run', () => {
  it('is a PDF to Mozilla’s pdf.js, and another one for every version', async () => {
    expect(await readablePdf(smallPdf('Version 2 of BN-000001, c0ffee'))).toContain('Version 2 of BN-000001, c0ffee');
    const documents = lives.flatMap((life) => life.versions.map((one) => Buffer.from(pdfOf(one)).toString('latin1')));
    expect(new Set(documents).size).toBe(documents.length);
  });
});

describe('what receivers have, counted', () => {
  it('every version once and in order is nothing to count', () => {
    expect(count(lives, all)).toEqual(none);
  });

  it('sees each fault: lost, doubled, reordered, a preliminary last, somebody else’s report, a stranger', () => {
    const [first, second] = of('hl7') as [Arrival, Arrival];
    expect(count(lives, [...others, first])).toEqual({ ...none, lost: 1, notCurrent: 1 });
    expect(count(lives, [...others, first, second, second])).toEqual({ ...none, doubled: 1 });
    expect(count(lives, [...others, first, second, { ...second, again: true }])).toEqual({ ...none, again: 1 });
    expect(count(lives, [...others, second, first])).toEqual({
      ...none,
      reordered: 1,
      notCurrent: 1,
      preliminaryAfterFinal: 1,
    });
    expect(count(lives, [...others, first, { ...second, rightPeople: false }])).toEqual({ ...none, wrongPeople: 1 });
    expect(count(lives, [...all, { ...second, accession: 'STRANGER' }])).toEqual({ ...none, doubled: 1 });
    expect(count(lives, [...all, { ...second, version: null }])).toEqual({ ...none, doubled: 1 });
  });

  it('lets a version that was withdrawn in time be missing, and never its withdrawal', () => {
    const withdrawn = lives.find((life) => life.versions.at(-1)?.content.kind === 'withdrawal');
    const here = (one: Arrival): boolean => one.receiver === 'hl7' && one.accession === withdrawn?.accession;
    const without = (version: number): readonly Arrival[] => all.filter((one) => !here(one) || one.version !== version);
    expect(count(lives, without(1))).toEqual(none);
    expect(count(lives, without(2))).toEqual({ ...none, lost: 1, notCurrent: 1 });
  });

  it('counts the same reports for the same seed, whatever order they are signed in', () => {
    expect(livesOf(7, 60)).toEqual(lives);
    expect(livesOf(8, 60)).not.toEqual(lives);
    const order = signingOrder(lives, 7);
    expect(new Set(order.map(({ version }) => version.digest)).size).toBe(all.length / channels.length);
    for (const life of lives) {
      const places = order.filter((one) => one.life === life).map(({ version }) => version.content.version);
      expect(places).toEqual(life.versions.map(({ content }) => content.version));
    }
  });
});
