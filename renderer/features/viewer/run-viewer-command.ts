import type { ViewerTool, WindowPreset } from '../../case/index.ts';
import { rescaleOf, type ViewportHandle } from '../../imaging/index.ts';
import type { Hung } from './hung.ts';
import type { useCine } from './use-cine.ts';
import type { HangingNow } from './use-hanging.ts';
import type { Slots } from './use-slots.ts';
import type { ViewerKeyCommand } from './viewer-commands.ts';
import { windowOn } from './window-presets.ts';

/** Commands about what hangs and how it is shown; answers false for those of others. */
export function runViewerCommand(
  command: ViewerKeyCommand,
  parts: {
    readonly slots: Slots;
    readonly hanging: Pick<HangingNow, 'step' | 'again'>;
    readonly cine: Pick<ReturnType<typeof useCine>, 'toggle' | 'changeRate'>;
    readonly setTool: (tool: ViewerTool) => void;
    readonly goToUnseen: () => void;
    /** The view was reset: it is placed as it hung. */
    readonly onReset: () => void;
  },
): boolean {
  const { slots, cine } = parts;
  const { handle } = slots;
  switch (command.type) {
    case 'step':
      handle?.goTo(handle.state().slice - 1 + command.slices);
      return true;
    case 'first-slice':
      handle?.goTo(0);
      return true;
    case 'last-slice':
      handle?.goTo(Number.MAX_SAFE_INTEGER);
      return true;
    case 'next-series':
      slots.moveSeries(1);
      return true;
    case 'previous-series':
      slots.moveSeries(-1);
      return true;
    case 'next-prior':
      slots.nextPrior();
      return true;
    case 'hang-prior':
      slots.hangPrior(command.studyUid);
      return true;
    case 'next-viewport':
      slots.activate((slots.chosen + 1) % slots.count);
      return true;
    case 'step-stage':
      parts.hanging.step(command.by);
      return true;
    case 'hang-again':
      parts.hanging.again();
      return true;
    case 'go-to-unseen':
      parts.goToUnseen();
      return true;
    case 'window-preset':
      applyPreset(command.name, handle, slots.active);
      return true;
    case 'tool':
      parts.setTool(command.name);
      return true;
    case 'layout':
      slots.changeLayout(command.name);
      return true;
    case 'invert':
      handle?.setInvert(!handle.state().invert);
      return true;
    case 'rotate':
      handle?.rotate();
      return true;
    case 'flip-horizontal':
      handle?.flip('horizontal');
      return true;
    case 'flip-vertical':
      handle?.flip('vertical');
      return true;
    case 'reset-view':
      handle?.reset();
      parts.onReset();
      return true;
    case 'toggle-cine':
      cine.toggle();
      return true;
    case 'cine-rate':
      cine.changeRate(command.factor);
      return true;
    default:
      return false;
  }
}

function applyPreset(name: WindowPreset, handle: ViewportHandle | null, hung: Hung | null): void {
  if (handle === null) return;
  const shown = handle.current();
  if (name === 'full-range') {
    if (shown === null || shown.frame.colour) return;
    const { slope, intercept } = rescaleOf(shown.reference, shown.frame);
    const ends = [shown.frame.min, shown.frame.max].map((value) => value * slope + intercept);
    const [low = 0, high = 0] = ends.sort((one, other) => one - other);
    handle.setWindow({ center: (low + high + 1) / 2, width: high - low + 1 });
    return;
  }
  const slice = handle.state().slice;
  const window = windowOn(name, hung?.series.modality ?? null, hung?.series.frames[slice - 1] ?? null);
  if (window !== undefined) handle.setWindow(window);
}
