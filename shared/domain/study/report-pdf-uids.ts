/** Any 128 bits would do; these are the first of the SHA-256 of "Overread report as PDF". They must never change. */
const between = 0x2d528f29ef1f0466ba3e2ff6a5134a81n;

const uidOfBits = /^2\.25\.(\d{1,39})$/;

/**
 * The series in which a report of ours lies as PDF, by its own UID: 2.25 and 128 bits (PS3.5 B.2), half of them turned. An archive that lists nothing
 * but UIDs tells by it which PDF is ours, on any host and after any number of versions; that of another is never taken for it.
 */
export function reportPdfSeries(instanceUid: `2.25.${string}`): `2.25.${string}` {
  return `2.25.${(BigInt(instanceUid.slice(5)) ^ between).toString(10)}`;
}

/** A report of ours as PDF, an earlier version perhaps: it is about the images and none of them. */
export function isOwnReportPdf(one: { readonly instanceUid: string; readonly seriesUid: string }): boolean {
  const bits = uidOfBits.exec(one.instanceUid)?.[1];
  return bits !== undefined && one.seriesUid === reportPdfSeries(`2.25.${bits}`);
}
