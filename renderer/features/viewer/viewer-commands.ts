import type { CaseCommand, ViewerLayout, ViewerTool, WindowPreset } from '../../case/index.ts';
import { type Command, isText } from '../../ui/index.ts';

/** What the viewer's own keys ask beyond the commands that other features may send. */
export type ViewerKeyCommand =
  | CaseCommand
  | { readonly type: 'go-to-unseen' }
  | { readonly type: 'save-hanging' }
  | { readonly type: 'hanging-rules' }
  | { readonly type: 'cine-rate'; readonly factor: number }
  /** Crosshair or held handle, in image pixels as they are seen. */
  | { readonly type: 'nudge'; readonly right: number; readonly down: number }
  | { readonly type: 'set-point' }
  | { readonly type: 'next-handle' }
  | { readonly type: 'name-measurement' }
  | { readonly type: 'slab-thickness'; readonly by: 1 | -1 }
  /** Highest values, lowest values, mean: the next of them. */
  | { readonly type: 'slab-mode' }
  | { readonly type: 'turn-oblique'; readonly about: 'row' | 'column'; readonly by: 1 | -1 }
  | { readonly type: 'toggle-lines' }
  | { readonly type: 'fusion-opacity'; readonly by: 1 | -1 }
  /** The top of the colours, in SUV where the images give it. */
  | { readonly type: 'fusion-range'; readonly by: 1 | -1 }
  /** The next presentation state for the series that hangs, and after the last one the images as sent. */
  | { readonly type: 'next-presentation' }
  | { readonly type: 'toggle-segments' }
  /** The image in the chosen viewport as large on the glass as what it shows. */
  | { readonly type: 'true-size' }
  /** Overlay planes of the images, in all viewports. */
  | { readonly type: 'toggle-overlays' }
  /** Frames of the chosen viewport less their mask, or as acquired. */
  | { readonly type: 'toggle-subtraction' }
  /** The frame that is seen becomes the mask of the others. */
  | { readonly type: 'mask-here' }
  /** Pixels by which the mask goes down and to the right. */
  | { readonly type: 'shift-mask'; readonly down: number; readonly right: number }
  | { readonly type: 'mask-as-sent' }
  | { readonly type: 'segment-opacity'; readonly by: number }
  /** Opens the next of what the study holds beside images, and after the last one closes it. */
  | { readonly type: 'next-document' }
  /** Each clip of the series that hangs in a viewport of its own. */
  | { readonly type: 'tile-clips' };

type Row = readonly [id: string, title: string, keys: string | null, command: ViewerKeyCommand];

const tool = (name: ViewerTool, title: string, keys: string): Row => [
  `images.tool.${name}`,
  title,
  keys,
  { type: 'tool', name },
];
const preset = (name: WindowPreset, title: string, keys: string): Row => [
  `images.window.${name}`,
  title,
  keys,
  { type: 'window-preset', name },
];
const layout = (name: ViewerLayout, keys: string | null): Row => [
  `images.layout.${name}`,
  `Layout ${name.replace('x', ' by ')}`,
  keys,
  { type: 'layout', name },
];

const upToFour = ['1', '2', '3', '4'] as const;
export const allLayouts: readonly ViewerLayout[] = upToFour.flatMap((rows) =>
  upToFour.map((columns): ViewerLayout => `${rows}x${columns}`),
);
const keyed: readonly ViewerLayout[] = ['1x1', '1x2', '2x1', '2x2', '3x3'];

/** The key map of the images. Single keys act only when focus is outside text. */
export const viewerKeys: readonly Row[] = [
  ['images.next-slice', 'Next slice', 'ArrowDown', { type: 'step', slices: 1 }],
  ['images.previous-slice', 'Previous slice', 'ArrowUp', { type: 'step', slices: -1 }],
  ['images.ten-down', 'Ten slices on', 'PageDown', { type: 'step', slices: 10 }],
  ['images.ten-up', 'Ten slices back', 'PageUp', { type: 'step', slices: -10 }],
  ['images.first-slice', 'First slice', 'Home', { type: 'first-slice' }],
  ['images.last-slice', 'Last slice', 'End', { type: 'last-slice' }],
  ['images.next-series', 'Next series', 'ArrowRight', { type: 'next-series' }],
  ['images.previous-series', 'Previous series', 'ArrowLeft', { type: 'previous-series' }],
  ['images.next-viewport', 'Next viewport', 'T', { type: 'next-viewport' }],
  ['images.next-prior', 'Next prior', 'P', { type: 'next-prior' }],
  ['images.unseen', 'Go to the next slice never shown', 'G', { type: 'go-to-unseen' }],
  ['images.unopened', 'Hang the next series never opened', 'Alt+Shift+U', { type: 'hang-unopened' }],
  ['images.view-part', 'Mammogram: next part never shown pixel for pixel', '\\', { type: 'next-view-part' }],
  preset('soft-tissue', 'Window: soft tissue (PET: SUV 0–7)', 'Q'),
  preset('lung', 'Window: lung (PET: SUV 0–5)', 'W'),
  preset('bone', 'Window: bone (PET: SUV 0–15)', 'E'),
  preset('brain', 'Window: brain', '4'),
  preset('liver', 'Window: liver', '5'),
  preset('stroke', 'Window: stroke', 'Alt+6'),
  preset('subdural', 'Window: subdural', 'Alt+7'),
  preset('angiography', 'Window: angiography', 'Alt+8'),
  preset('spine', 'Window: spine', 'Alt+9'),
  preset('full-range', 'Window: all values', '9'),
  preset('default', 'Window: as the image asks', '0'),
  tool('window', 'Window by dragging', 'L'),
  tool('scroll', 'Scroll by dragging', 'S'),
  tool('zoom', 'Zoom by dragging', 'Z'),
  tool('pan', 'Pan by dragging', 'X'),
  tool('length', 'Measure a length', 'D'),
  tool('angle', 'Measure an angle', 'A'),
  tool('ellipse', 'Measure an ellipse', 'O'),
  tool('rectangle', 'Measure a rectangle', 'B'),
  tool('probe', 'Measure a point', 'V'),
  tool('bidirectional', 'Measure two diameters', 'J'),
  tool('freehand', 'Measure a drawn outline', 'Y'),
  tool('cobb', 'Measure a Cobb angle', 'N'),
  tool('heart-thorax', 'Measure heart over thorax', '2'),
  tool('spine', 'Name a vertebra', '1'),
  tool('arrow', 'Draw an arrow', '6'),
  tool('text', 'Write on the image', '7'),
  ['images.set-point', 'Set a point at the crosshair', 'Shift+Enter', { type: 'set-point' }],
  ['images.nudge-left', 'Crosshair or handle left', 'Shift+ArrowLeft', { type: 'nudge', right: -1, down: 0 }],
  ['images.nudge-right', 'Crosshair or handle right', 'Shift+ArrowRight', { type: 'nudge', right: 1, down: 0 }],
  ['images.nudge-up', 'Crosshair or handle up', 'Shift+ArrowUp', { type: 'nudge', right: 0, down: -1 }],
  ['images.nudge-down', 'Crosshair or handle down', 'Shift+ArrowDown', { type: 'nudge', right: 0, down: 1 }],
  ['images.leap-left', 'Crosshair or handle far left', 'Alt+Shift+ArrowLeft', { type: 'nudge', right: -10, down: 0 }],
  ['images.leap-right', 'Crosshair or handle far right', 'Alt+Shift+ArrowRight', { type: 'nudge', right: 10, down: 0 }],
  ['images.leap-up', 'Crosshair or handle far up', 'Alt+Shift+ArrowUp', { type: 'nudge', right: 0, down: -10 }],
  ['images.leap-down', 'Crosshair or handle far down', 'Alt+Shift+ArrowDown', { type: 'nudge', right: 0, down: 10 }],
  ['images.next-handle', 'Hold the next handle of the measurement', 'U', { type: 'next-handle' }],
  ['images.next-measurement', 'Next measurement', ']', { type: 'step-measurement', by: 1 }],
  ['images.previous-measurement', 'Previous measurement', '[', { type: 'step-measurement', by: -1 }],
  ['images.name-measurement', 'Name the measurement', '8', { type: 'name-measurement' }],
  ['images.key-image', 'Key image, or no more', '3', { type: 'mark-key-image' }],
  ['images.undo', 'Undo the last mark', 'Ctrl+Z', { type: 'undo-mark' }],
  ['images.redo', 'Redo the mark', 'Ctrl+Y', { type: 'redo-mark' }],
  ['images.save-marks', 'Measurements and key images to the archive', null, { type: 'save-marks' }],
  ['images.insert-measurement', 'Measurement into the report', 'M', { type: 'insert-measurement' }],
  ['images.delete-measurement', 'Delete the measurement', 'Delete', { type: 'delete-measurement' }],
  ['images.invert', 'Invert black and white', 'I', { type: 'invert' }],
  ['images.rotate', 'Turn by 90° clockwise', 'R', { type: 'rotate' }],
  ['images.flip-horizontal', 'Flip left and right', 'H', { type: 'flip-horizontal' }],
  ['images.flip-vertical', 'Flip up and down', 'K', { type: 'flip-vertical' }],
  ['images.true-size', 'True size, on a measured screen', 'Alt+Shift+T', { type: 'true-size' }],
  ['images.reset', 'Reset the view', 'F', { type: 'reset-view' }],
  ['images.cine', 'Cine: play or pause', 'C', { type: 'toggle-cine' }],
  ['images.cine-slower', 'Cine: slower', ',', { type: 'cine-rate', factor: 1 / 1.25 }],
  ['images.cine-faster', 'Cine: faster', '.', { type: 'cine-rate', factor: 1.25 }],
  ['images.next-stage', 'Next stage of the hanging protocol', 'Shift+PageDown', { type: 'step-stage', by: 1 }],
  ['images.previous-stage', 'Previous stage of the hanging protocol', 'Shift+PageUp', { type: 'step-stage', by: -1 }],
  ['images.save-hanging', 'Save what I see as a hanging rule', 'Alt+S', { type: 'save-hanging' }],
  ['images.hanging-rules', 'Hanging rules: take away, undo, import, export', null, { type: 'hanging-rules' }],
  ['images.hang-again', 'Hang again as the protocol has it', 'Alt+Z', { type: 'hang-again' }],
  [
    'images.next-presentation',
    'Presentation state: the next, or as sent',
    'Alt+Shift+P',
    { type: 'next-presentation' },
  ],
  ['images.overlays', 'Overlays of the images: show or hide', 'Alt+Shift+O', { type: 'toggle-overlays' }],
  ['images.subtraction', 'Subtract the mask, or frames as acquired', 'Alt+Shift+D', { type: 'toggle-subtraction' }],
  ['images.mask-here', 'Mask: the frame that is seen', 'Alt+Shift+X', { type: 'mask-here' }],
  ['images.mask-left', 'Mask: half a pixel left', 'Ctrl+ArrowLeft', { type: 'shift-mask', down: 0, right: -0.5 }],
  ['images.mask-right', 'Mask: half a pixel right', 'Ctrl+ArrowRight', { type: 'shift-mask', down: 0, right: 0.5 }],
  ['images.mask-up', 'Mask: half a pixel up', 'Ctrl+ArrowUp', { type: 'shift-mask', down: -0.5, right: 0 }],
  ['images.mask-down', 'Mask: half a pixel down', 'Ctrl+ArrowDown', { type: 'shift-mask', down: 0.5, right: 0 }],
  ['images.mask-as-sent', 'Mask: as the images have it', null, { type: 'mask-as-sent' }],
  ['images.segments', 'Segmentation: show or hide', 'Alt+Shift+G', { type: 'toggle-segments' }],
  ['images.segments-fainter', 'Segmentation: fainter', 'Alt+,', { type: 'segment-opacity', by: -0.1 }],
  ['images.segments-stronger', 'Segmentation: stronger', 'Alt+.', { type: 'segment-opacity', by: 0.1 }],
  ['images.tile-clips', 'Clips of this series side by side', 'Alt+Shift+C', { type: 'tile-clips' }],
  ['images.next-document', 'Read the next document of the study', 'Alt+Shift+R', { type: 'next-document' }],
  layout('1x1', 'Alt+1'),
  layout('1x2', 'Alt+2'),
  layout('2x1', 'Alt+3'),
  layout('2x2', 'Alt+4'),
  layout('3x3', 'Alt+5'),
  // Reached by the palette, and by the list beside the rule's name.
  ...allLayouts.filter((name) => !keyed.includes(name)).map((name) => layout(name, null)),
  ['images.planes', 'Planes through the series (MPR), or back', 'Alt+Shift+M', { type: 'toggle-planes' }],
  tool('crosshair', 'Crosshair: all viewports to one point', "'"),
  ['images.slab-thicker', 'Slab: thicker', '=', { type: 'slab-thickness', by: 1 }],
  ['images.slab-thinner', 'Slab: thinner', '-', { type: 'slab-thickness', by: -1 }],
  ['images.slab-mode', 'Slab: MIP, MinIP or average', ';', { type: 'slab-mode' }],
  ['images.oblique-left', 'Oblique plane: turn left', 'Alt+Shift+J', { type: 'turn-oblique', about: 'column', by: -1 }],
  [
    'images.oblique-right',
    'Oblique plane: turn right',
    'Alt+Shift+L',
    { type: 'turn-oblique', about: 'column', by: 1 },
  ],
  ['images.oblique-up', 'Oblique plane: tilt up', 'Alt+Shift+I', { type: 'turn-oblique', about: 'row', by: 1 }],
  ['images.oblique-down', 'Oblique plane: tilt down', 'Alt+Shift+K', { type: 'turn-oblique', about: 'row', by: -1 }],
  ['images.link', 'Viewports scroll together, or each alone', 'Alt+Shift+S', { type: 'toggle-link' }],
  ['images.match', 'Match two series by hand at this level, or no more', 'Alt+Shift+H', { type: 'match-stacks' }],
  ['images.fusion', 'PET in colours over the images, or away', 'Alt+Shift+F', { type: 'toggle-fusion' }],
  ['images.fusion-more', 'PET over the images: stronger', 'Alt+Shift+PageUp', { type: 'fusion-opacity', by: 1 }],
  ['images.fusion-less', 'PET over the images: weaker', 'Alt+Shift+PageDown', { type: 'fusion-opacity', by: -1 }],
  [
    'images.fusion-higher',
    'PET over the images: colours up to more',
    'Alt+Shift+Home',
    { type: 'fusion-range', by: 1 },
  ],
  ['images.fusion-lower', 'PET over the images: colours up to less', 'Alt+Shift+End', { type: 'fusion-range', by: -1 }],
  ['images.lines', 'Reference lines: show or hide', '`', { type: 'toggle-lines' }],
];

function outsideWords(): boolean {
  const { activeElement } = document;
  return !isText(activeElement) || activeElement?.closest('.palette') != null;
}

export function viewerCommandList(run: (command: ViewerKeyCommand) => void): readonly Command[] {
  return viewerKeys.map(([id, title, keys, command]) => ({
    id,
    title,
    group: 'Images',
    keys,
    run: () => run(command),
    // Where words are written, undo is of words, and the caret goes by words.
    ...(command.type === 'undo-mark' || command.type === 'redo-mark' || command.type === 'shift-mask'
      ? { enabled: outsideWords }
      : {}),
  }));
}
