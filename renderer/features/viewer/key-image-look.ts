import type { KeyImageLook, Way } from '../../../shared/domain/measurement/index.ts';
import type { ViewportHandle } from '../../imaging/index.ts';

const step = (value: number): -1 | 0 | 1 => (Math.abs(value) < 0.5 ? 0 : value > 0 ? 1 : -1);

/** How the image on the canvas stands there, for the picture of it in the report; undefined unless it is painted. */
export function lookOf(handle: ViewportHandle | null): KeyImageLook | undefined {
  const current = handle?.current() ?? null;
  if (handle === null || current === null) return undefined;
  const state = handle.state();
  const origin = handle.toScreen([0, 0]);
  const [right, down] = [handle.toScreen([100, 0]), handle.toScreen([0, 100])];
  if (origin === null || right === null || down === null) return undefined;
  const way = (to: readonly [number, number]): Way => {
    const [x, y] = [to[0] - origin[0], to[1] - origin[1]];
    const length = Math.hypot(x, y) || 1;
    return [step(x / length), step(y / length)];
  };
  const own = state.windowIsOwn || state.shownBy?.kind === 'presented';
  return {
    window: own ? state.window : null,
    invert: state.invert,
    alongRow: way(right),
    alongColumn: way(down),
    subtracted: current.series.subtracted !== undefined,
  };
}
