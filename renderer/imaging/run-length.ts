/**
 * DICOM RLE (PS3.5 annex G): PackBits, one segment for each byte of each sample, high byte first. Gives little-endian samples,
 * colours one after the other. Throws when the segments do not fill the image, so that no stale pixel is ever shown.
 */
export function decodeRunLength(
  frame: Uint8Array,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number,
): Uint8Array {
  if (frame.length < 64) throw new Error('run-length header is missing');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== samplesPerPixel * bytesPerSample) throw new Error(`${segments} run-length segments`);
  const out = new Uint8Array(pixels * samplesPerPixel * bytesPerSample);
  for (let segment = 0; segment < segments; segment += 1) {
    const from = view.getUint32(4 + segment * 4, true);
    const next = segment + 1 < segments ? view.getUint32(8 + segment * 4, true) : frame.length;
    const to = next > from ? Math.min(next, frame.length) : frame.length;
    const sample = Math.floor(segment / bytesPerSample);
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    const written = unpack(
      frame.subarray(from, to),
      out,
      sample * pixels * bytesPerSample + byte,
      bytesPerSample,
      pixels,
    );
    if (written < pixels) throw new Error(`a run-length segment ends after ${written} of ${pixels} pixels`);
  }
  return out;
}

function unpack(packed: Uint8Array, out: Uint8Array, start: number, stride: number, count: number): number {
  let at = 0;
  let written = 0;
  while (at < packed.length && written < count) {
    const control = packed[at++] ?? 0;
    if (control < 128) {
      for (let left = control + 1; left > 0 && written < count && at < packed.length; left -= 1) {
        out[start + written++ * stride] = packed[at++] ?? 0;
      }
    } else if (control > 128) {
      const value = packed[at++] ?? 0;
      for (let left = 257 - control; left > 0 && written < count; left -= 1) out[start + written++ * stride] = value;
    }
  }
  return written;
}
