/** Runs in the page: reads the code out of the canvas at every frame and notes what does not agree with what the page says. */
export type Watched = { violations: string[]; frames: number; paintedFrames: number; stop: boolean };
declare global {
  interface Window {
    watched: Watched;
    readCode: (viewport: Element) => { study: number; series: number; slice: number; corner: boolean } | null;
  }
}

export function watchCanvas(): void {
  const size = 256;
  const block = 16;
  window.readCode = (viewport) => {
    const canvas = viewport.querySelector('canvas');
    const context = canvas?.getContext('2d', { willReadFrequently: false });
    if (!canvas || !context || canvas.width === 0) return null;
    const scale = Math.min(canvas.width, canvas.height) / size;
    const left = (canvas.width - size * scale) / 2;
    const top = (canvas.height - size * scale) / 2;
    const grey = (column: number, row: number): number => {
      const x = Math.round(left + (column + 0.5) * block * scale);
      const y = Math.round(top + (row + 0.5) * block * scale);
      return context.getImageData(x, y, 1, 1).data[0] ?? 0;
    };
    const value = (row: number): number => {
      let sum = 0;
      for (let bit = 0; bit < 12; bit += 1) if (grey(2 + bit, row) > 128) sum += 2 ** bit;
      return sum;
    };
    // The background is a dark grey; black all over is an empty canvas.
    if (grey(15, 15) < 10) return null;
    return { study: value(3), series: value(5), slice: value(7), corner: grey(0, 0) > 200 };
  };
  const watched: Watched = { violations: [], frames: 0, paintedFrames: 0, stop: false };
  window.watched = watched;
  const look = (): void => {
    if (watched.stop) return;
    watched.frames += 1;
    for (const viewport of document.querySelectorAll<HTMLElement>('.viewport')) {
      const { painted, covered, studyUid, instanceUid, slice } = viewport.dataset;
      // What is tried out of sight is a made picture without the code.
      if (viewport.closest('.viewer-rehearsal') !== null) continue;
      if (covered === 'true' && painted !== 'true') continue;
      const code = window.readCode(viewport);
      const [study, series, number] = (instanceUid ?? '').split('.').slice(-3).map(Number);
      if (painted === 'true') {
        watched.paintedFrames += 1;
        const right =
          code !== null &&
          code.study === study &&
          code.series === series &&
          code.slice === number &&
          String(number) === slice &&
          code.corner;
        if (!right)
          watched.violations.push(`painted ${studyUid} ${instanceUid} slice ${slice}, canvas ${JSON.stringify(code)}`);
      } else if (code !== null && (code.study !== study || code.series !== series)) {
        watched.violations.push(`uncovered ${instanceUid} slice ${slice}, canvas ${JSON.stringify(code)}`);
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
