import type { CheckRule, Found } from '../check.ts';

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return names.length <= 4 ? shown : `${shown} and ${names.length - 4} more`;
}

function told(names: readonly string[] | null, one: string, many: string): Found[] {
  if (names === null || names.length === 0) return [];
  const words = names.length === 1 ? `One series was ${one}: ` : `${names.length} series were ${many}: `;
  return [{ words: `${words}${listed(names)}.`, at: null }];
}

export const seriesNotShownRule: CheckRule = {
  id: 'series-not-shown',
  title: 'Every series was shown',
  severity: 'tell',
  why: 'Something may be on images that nobody looked at. Scouts, dose sheets and other reconstructions of what was shown are not counted.',
  find: ({ seriesNotShown }) => told(seriesNotShown, 'never opened', 'never opened'),
};

export const notFullFidelityRule: CheckRule = {
  id: 'not-full-fidelity',
  title: 'Every series was shown pixel for pixel',
  severity: 'tell',
  why: 'A picture made smaller for the screen can hide a small nodule, fracture line or pneumothorax.',
  find: ({ seriesNotFull }) => told(seriesNotFull, 'never shown pixel for pixel', 'never shown pixel for pixel'),
};
