/** What of one image that the reader marked as key stands in a signed version. */
export type SignedKeyImage = {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly instanceUid: string;
  /** 1-based. */
  readonly frame: number;
  /** What stands beneath it: "Series 3, Axial brain · image 12 · window C 40 W 80". */
  readonly caption: string;
  /** SHA-256 of its picture (JPEG) as it stands in the PDF; null where there is none, and `why` then says why. */
  readonly picture: string | null;
  readonly why: string | null;
};

/** A picture of a key image as the page drew it, for the PDF. */
export type KeyPicture = {
  /** Of the key image among the draft's marks. */
  readonly id: string;
  readonly caption: string;
  /** JPEG, base64; null where it could not be drawn. */
  readonly jpeg: string | null;
  /** Why there is none, in words; null where there is one. */
  readonly why: string | null;
};

/** Pictures in one PDF: a fax or an old printer takes minutes for each. What is beyond is said in words. */
export const mostKeyPictures = 8;
/** Bytes of one picture, and pixels of its longer side. */
export const mostPictureBytes = 160_000;
export const mostPictureSide = 1_024;
/** Characters beneath one. */
export const longestCaption = 200;
