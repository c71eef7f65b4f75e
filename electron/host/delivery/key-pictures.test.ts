import { describe, expect, it } from 'vitest';
import { mostKeyPictures } from '../../../shared/domain/report/index.ts';
import { aKeyPicture } from '../../../test/builders/key-picture.ts';
import { sha256 } from '../digest.ts';
import { jpegSize, keyPicturesToSign } from './key-pictures.ts';

const place = (instanceUid: string) => ({
  studyUid: '1.2',
  seriesUid: '1.2.3',
  instanceUid,
  frame: 1,
  frameOfReferenceUid: null,
});
const marked = (count: number) =>
  Array.from({ length: count }, (_one, at) => ({ id: `key-${at}`, place: place(`1.2.3.${at}`) }));
const drawn = (count: number) =>
  marked(count).map(({ id }) => ({ id, caption: 'Series 3 · image 12', jpeg: aKeyPicture, why: null }));
const held = new Set(marked(20).map((one) => one.place.instanceUid));
const hash = sha256(Buffer.from(aKeyPicture, 'base64'));

describe('the pictures of key images that are signed', () => {
  it('are those that the page drew, each known by its hash', () => {
    const { signed, pictures } = keyPicturesToSign(marked(1), drawn(1), held);
    expect(signed).toEqual([
      {
        studyUid: '1.2',
        seriesUid: '1.2.3',
        instanceUid: '1.2.3.0',
        frame: 1,
        caption: 'Series 3 · image 12',
        picture: hash,
        why: null,
      },
    ]);
    expect(pictures).toEqual({ [hash]: aKeyPicture });
  });

  it.each([
    ['none was sent', undefined, 'No picture of it came with the signature.'],
    ['the page could not draw it', { jpeg: null, why: 'The archive did not give it.' }, 'The archive did not give it.'],
    [
      'it is no JPEG',
      { jpeg: 'bm8gcGljdHVyZQ==', why: null },
      'The picture that came with the signature could not be used.',
    ],
  ])('leave nothing out in silence: %s', (_what, sent, why) => {
    const all = sent === undefined ? undefined : [{ id: 'key-0', caption: 'Series 3', ...sent }];
    const { signed, pictures } = keyPicturesToSign(marked(1), all, held);
    expect(signed.map((one) => [one.picture, one.why])).toEqual([[null, why]]);
    expect(pictures).toEqual({});
  });

  it('are never of a study that the report is not over, whatever the page sends', () => {
    const { signed, pictures } = keyPicturesToSign(marked(1), drawn(1), new Set(['9.9']));
    expect(signed[0]).toMatchObject({ picture: null, why: 'It is an image of another study.' });
    expect(pictures).toEqual({});
  });

  it('are so many and no more, and the others are named', () => {
    const { signed } = keyPicturesToSign(marked(mostKeyPictures + 2), drawn(mostKeyPictures + 2), held);
    expect(signed.filter((one) => one.picture !== null)).toHaveLength(mostKeyPictures);
    expect(signed.at(-1)?.why).toBe(`No more than ${mostKeyPictures} key images are printed.`);
  });

  it('are measured by their own header, and by nothing that is cut or made up', () => {
    const bytes = Buffer.from(aKeyPicture, 'base64');
    expect(jpegSize(bytes)).toEqual({ width: 64, height: 48 });
    for (let length = 0; length < 20; length += 1) expect(jpegSize(bytes.subarray(0, length))).toBe(null);
    expect(jpegSize(Buffer.from('%PDF-1.7'))).toBe(null);
  });
});
