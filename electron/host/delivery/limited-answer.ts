/** An answer's body as text; null where it is longer than `most` bytes, of which no more is read then. */
export async function limitedAnswer(response: Response, most: number): Promise<string | null> {
  if (response.body === null) return '';
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += piece.byteLength;
    if (size > most) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
