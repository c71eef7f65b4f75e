/**
 * The word pieces of a SentencePiece model with their scores, as sherpa-onnx reads them for words that are looked for ("piece<TAB>score",
 * one a line). Of the model's protocol buffer (sentencepiece_model.proto) only this is read: ModelProto.pieces (1), each with piece (1)
 * and score (2). Null where it cannot be read as one.
 */
export function pieceScores(model: Uint8Array): string | null {
  const lines: string[] = [];
  for (const field of fieldsOf(model)) {
    if (field === null) return null;
    if (field.number !== 1 || field.bytes === null) continue;
    let piece: string | null = null;
    let score = 0;
    for (const inner of fieldsOf(field.bytes)) {
      if (inner === null) return null;
      if (inner.number === 1 && inner.bytes !== null) piece = new TextDecoder().decode(inner.bytes);
      else if (inner.number === 2 && inner.float !== null) score = inner.float;
    }
    if (piece !== null) lines.push(`${piece}\t${score}`);
  }
  return lines.length === 0 ? null : `${lines.join('\n')}\n`;
}

type Field = { readonly number: number; readonly bytes: Uint8Array | null; readonly float: number | null };

/** Fields in their order; null once where the bytes are no protocol buffer. */
function* fieldsOf(bytes: Uint8Array): Generator<Field | null> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const number = (): number | null => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at];
      if (byte === undefined) return null;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    // A negative number of ten bytes: none of those that are read here, its value does not matter.
    while (at < bytes.length) {
      at += 1;
      if ((bytes[at - 1] ?? 0) < 0x80) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const tag = number();
    const kind = tag === null ? -1 : tag & 7;
    const field = { number: Math.floor((tag ?? 0) / 8), bytes: null, float: null };
    if (kind === 0) {
      if (number() === null) return yield null;
      yield field;
    } else if (kind === 1 && at + 8 <= bytes.length) {
      at += 8;
      yield field;
    } else if (kind === 2) {
      const length = number();
      if (length === null || at + length > bytes.length) return yield null;
      yield { ...field, bytes: bytes.subarray(at, at + length) };
      at += length;
    } else if (kind === 5 && at + 4 <= bytes.length) {
      yield { ...field, float: view.getFloat32(at, true) };
      at += 4;
    } else return yield null;
  }
}
