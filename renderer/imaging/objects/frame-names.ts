import { type DataSet, items, number, numbers, text } from '../dicom-json.ts';

/** Vectors of nuclear medicine (PS3.3 C.8.4.8): which detector, energy window, phase… a frame is of, each with its name. */
const vectors: readonly (readonly [tag: string, name: string])[] = [
  ['00540010', 'energy window'],
  ['00540020', 'detector'],
  ['00540030', 'phase'],
  ['00540050', 'rotation'],
  ['00540060', 'R-R interval'],
  ['00540070', 'time slot'],
  ['00540080', 'slice'],
  ['00540090', 'angular view'],
  ['00540100', 'time slice'],
];

/**
 * What tells the frames of a multi-frame NM image apart, for the corner of each; empty where nothing does. A vector of another length
 * than the frames says nothing that could be believed.
 */
export function frameNames(data: DataSet, frames: number): (index: number) => readonly string[] {
  if (text(data, '00080060') !== 'NM') return () => [];
  const told = vectors.flatMap(([tag, name]) => {
    const values = numbers(data, tag);
    return values.length === frames && new Set(values).size > 1 ? [{ tag, name, values }] : [];
  });
  const windows = items(data, '00540012').map((one) => text(one, '00540018'));
  const views = items(data, '00540022').map((one) => {
    const [code] = items(one, '00540220');
    return code === undefined ? '' : text(code, '00080104');
  });
  const isWholeBody = text(data, '00080008', 2) === 'WHOLE BODY';
  return (index) => {
    const words = told.map(({ tag, name, values }) => {
      const value = values[index] ?? 0;
      const said = tag === '00540010' ? windows[value - 1] : tag === '00540020' ? views[value - 1] : undefined;
      return `${name} ${value}${said === undefined || said === '' ? '' : ` ${said}`}`;
    });
    const counts = frames === 1 ? number(data, '00180070') : null;
    return [
      ...(words.length === 0 ? [] : [words.join(', ')]),
      ...(isWholeBody && index === 0 && frames <= 2 ? ['whole body'] : []),
      ...(counts === null ? [] : [`${counts} counts`]),
    ];
  };
}
