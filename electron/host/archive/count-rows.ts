/**
 * Counts the objects in the outermost list of a JSON text as its bytes come in, without reading any of them: a million rows are known to
 * be a million before one is parsed. What is no JSON gives some number, and is refused when it is parsed.
 */
export function createRowCounter(): (chunk: Uint8Array) => number {
  let rows = 0;
  let depth = 0;
  let inText = false;
  let escaped = false;
  return (chunk) => {
    for (const byte of chunk) {
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inText = false;
      } else if (byte === 0x22) inText = true;
      else if (byte === 0x7b || byte === 0x5b) {
        depth += 1;
        if (depth === 2 && byte === 0x7b) rows += 1;
      } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    }
    return rows;
  };
}
