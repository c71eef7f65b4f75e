import type { ViewerTool, WindowPreset } from '../../case/index.ts';
import type { Command } from '../../ui/index.ts';
import type { ToolButton } from './tool-bar.tsx';
import type { useCine } from './use-cine.ts';

export function toolGroups(
  commands: readonly Command[],
  tool: ViewerTool,
  cine: ReturnType<typeof useCine>,
  /** Windows of the body part that hangs. */
  offered: readonly (readonly [WindowPreset, string])[],
  isKey: boolean,
  volumes: {
    readonly planes: boolean;
    readonly linked: boolean;
    readonly fusion: { readonly possible: boolean; readonly on: boolean };
  },
): readonly (readonly ToolButton[])[] {
  const button = (id: string, label: string, pressed?: boolean): ToolButton[] => {
    const command = commands.find((one) => one.id === id);
    return command === undefined ? [] : [{ command, label, pressed }];
  };
  const tools: readonly (readonly [ViewerTool, string])[] = [
    ['window', 'Window'],
    ['scroll', 'Scroll'],
    ['zoom', 'Zoom'],
    ['pan', 'Pan'],
    ['crosshair', 'Cross'],
    ['length', 'Length'],
    ['bidirectional', 'Diameters'],
    ['angle', 'Angle'],
    ['ellipse', 'Ellipse'],
    ['rectangle', 'Rectangle'],
    ['probe', 'Point'],
  ];
  const rare: readonly (readonly [ViewerTool, string])[] = [
    ['freehand', 'Outline'],
    ['cobb', 'Cobb'],
    ['heart-thorax', 'Heart/thorax'],
    ['spine', 'Vertebra'],
    ['arrow', 'Arrow'],
    ['text', 'Text'],
  ];
  const windows: readonly (readonly [WindowPreset, string])[] = [...offered, ['default', 'As sent']];
  return [
    [
      ...button('images.previous-series', 'Previous series').map((one) => ({ ...one, sign: '‹' })),
      ...button('images.next-series', 'Next series').map((one) => ({ ...one, sign: '›' })),
    ],
    tools.flatMap(([name, label]) => button(`images.tool.${name}`, label, tool === name)),
    rare.flatMap(([name, label]) => button(`images.tool.${name}`, label, tool === name)),
    windows.flatMap(([name, label]) => button(`images.window.${name}`, label)),
    [
      ...button('images.invert', 'Invert'),
      ...button('images.rotate', 'Turn'),
      ...button('images.flip-horizontal', 'Flip'),
      ...button('images.flip-vertical', 'Flip up-down').map((one) => ({ ...one, sign: 'Flip ↕' })),
      ...button('images.reset', 'Reset'),
    ],
    cine.possible
      ? [
          ...button(
            'images.cine',
            cine.playing ? `Pause, ${cine.rate.toFixed(0)}/s` : `Play ${cine.rate.toFixed(0)}/s`,
            cine.playing,
          ),
          ...button('images.cine-slower', 'Slower'),
          ...button('images.cine-faster', 'Faster'),
        ]
      : [],
    [
      ...button('images.planes', 'MPR', volumes.planes),
      ...button('images.link', 'Link', volumes.linked),
      ...(volumes.fusion.possible ? button('images.fusion', 'Fuse', volumes.fusion.on) : []),
    ],
    [...button('images.insert-measurement', 'To report'), ...button('images.key-image', 'Key image', isKey)],
  ].filter((group) => group.length > 0);
}
