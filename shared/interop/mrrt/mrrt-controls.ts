import type { ReportField } from '../../domain/report/index.ts';
import { cleanWords, type MarkupEvent } from './markup.ts';

/** A control of the form as it stands in the file. */
export type Control = {
  /** Place of its first event. */
  readonly at: number;
  readonly element: 'input' | 'select' | 'textarea';
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly options: readonly { readonly words: string; readonly selected: boolean }[];
  /** Words inside a textarea. */
  readonly text: string;
  /** Words of its label; null without one. */
  readonly label: string | null;
};

/** Elements without content. */
export const voids: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
);
/** Classes of help for whoever fills in the form, in templates that mark it as such. */
const help = ['helper', 'badge', 'tooltip', 'field-note', 'h2-sub', 'doc-sub'];

export function isHelp(classes: string | undefined): boolean {
  return classes !== undefined && classes.length < 500 && help.some((one) => classes.includes(one));
}

/** Labels of these stand behind them and are what is chosen, not words of the report. */
export function isTick({ type }: Pick<Control, 'type'>): boolean {
  return type === 'checkbox' || type === 'radio';
}

/** Inputs that no report needs: buttons, files, passwords. */
export const noFields: ReadonlySet<string> = new Set([
  'hidden',
  'button',
  'submit',
  'reset',
  'image',
  'file',
  'password',
]);

export type Controls = {
  /** By the place where each begins. */
  readonly controls: ReadonlyMap<number, Control>;
  /** Places of labels whose words are a choice and no words of the report. */
  readonly tickLabels: ReadonlySet<number>;
};

/** Everything that can be filled in; labels are found by `for` or by standing around it. */
export function readControls(events: readonly MarkupEvent[]): Controls {
  const labelFor = labelsById(events);
  const controls = new Map<number, Control>();
  const tickLabels = new Set<number>();
  const around: { readonly at: number; readonly texts: string[]; readonly controls: number[] }[] = [];
  /** Levels inside what is no name: options, badges. */
  let inside = 0;
  for (const [at, one] of events.entries()) {
    if (one.kind === 'text') {
      if (inside === 0) around.at(-1)?.texts.push(one.text);
      continue;
    }
    if (!voids.has(one.name)) {
      if (one.kind === 'close') inside = Math.max(0, inside - 1);
      else if (inside > 0 || one.name === 'select' || one.name === 'textarea' || isHelp(one.attributes.class))
        inside += 1;
    }
    if (one.name === 'label') {
      if (one.kind === 'open') around.push({ at, texts: [], controls: [] });
      else {
        const label = around.pop();
        const words = cleanWords(label?.texts.join(' ') ?? '').trim();
        // A label around several ticks is the name of their group and no choice of theirs.
        const [only] = label?.controls ?? [];
        const control = only === undefined || label?.controls.length !== 1 ? undefined : controls.get(only);
        if (control === undefined || label === undefined || words === '') continue;
        if (control.label === null) controls.set(control.at, { ...control, label: words });
        if (isTick(control)) tickLabels.add(label.at);
      }
      continue;
    }
    if (one.kind !== 'open' || (one.name !== 'input' && one.name !== 'select' && one.name !== 'textarea')) continue;
    const { attributes } = one;
    const within = one.name === 'input' ? [] : untilClose(events, at, one.name);
    controls.set(at, {
      at,
      element: one.name,
      type: one.name === 'input' ? (attributes.type ?? 'text').toLowerCase() : one.name,
      attributes,
      options: one.name === 'select' ? optionsOf(within) : [],
      text: one.name === 'textarea' ? within.map((each) => (each.kind === 'text' ? each.text : '')).join('') : '',
      label: labelFor.get(attributes.id ?? '') ?? null,
    });
    around.at(-1)?.controls.push(at);
  }
  const tickIds = new Set([...controls.values()].filter(isTick).map((one) => one.attributes.id ?? ''));
  tickIds.delete('');
  for (const [at, one] of events.entries()) {
    if (one.kind === 'open' && one.name === 'label' && tickIds.has(one.attributes.for ?? '')) tickLabels.add(at);
  }
  return { controls, tickLabels };
}

function labelsById(events: readonly MarkupEvent[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const [at, one] of events.entries()) {
    if (one.kind !== 'open' || one.name !== 'label') continue;
    const id = one.attributes.for ?? '';
    const words = cleanWords(
      untilClose(events, at, 'label')
        .map((each) => (each.kind === 'text' ? each.text : ' '))
        .join(''),
    ).trim();
    if (id !== '' && words !== '' && !labels.has(id)) labels.set(id, words);
  }
  return labels;
}

function untilClose(events: readonly MarkupEvent[], at: number, name: string): readonly MarkupEvent[] {
  // A form's label or list is short; one that is never closed is not searched for to the end of the file, again and again.
  const near = events.slice(at + 1, at + 2_000);
  const end = near.findIndex((one) => one.kind === 'close' && one.name === name);
  return near.slice(0, Math.max(end, 0));
}

function optionsOf(events: readonly MarkupEvent[]): Control['options'] {
  const options: { words: string; selected: boolean; value: string }[] = [];
  for (const one of events) {
    if (one.kind === 'open' && one.name === 'option')
      options.push({ words: '', selected: 'selected' in one.attributes, value: one.attributes.value ?? '' });
    const last = options.at(-1);
    if (one.kind === 'text' && last !== undefined) last.words += one.text;
  }
  return options.map(({ words, selected, value }) => {
    const own = cleanWords(words).trim();
    return { words: own === '' ? cleanWords(value).trim() : own, selected };
  });
}

const isBlank = (words: string): boolean => /^[-–—.…\s]*$/.test(words) || /^[-–—].{0,40}[-–—]$/.test(words);

/** Words that can be chosen, each once; a dash or nothing at all is how a form says "not yet". */
export function choicesOf(words: readonly string[]): readonly string[] {
  return [...new Set(words.map((one) => one.slice(0, 500)).filter((one) => !isBlank(one)))].slice(0, 100);
}

/** Kind and limits of what is typed into an input (data-field-type and data-field-units are MRRT's). */
export function typedField(control: Control): Pick<ReportField, 'kind' | 'unit' | 'minimum' | 'maximum'> {
  const { attributes, type } = control;
  const declared = (attributes['data-field-type'] ?? '').toUpperCase();
  if (type === 'date' || declared === 'DATE') return { kind: 'date' };
  if (type !== 'number' && declared !== 'NUMBER') return { kind: 'text' };
  const unit = cleanWords(attributes['data-field-units'] ?? '')
    .trim()
    .slice(0, 30);
  const [minimum, maximum] = [limit(attributes.min), limit(attributes.max)];
  const meant = minimum === undefined || maximum === undefined || minimum <= maximum;
  return {
    kind: 'number',
    ...(unit === '' ? {} : { unit }),
    ...(minimum === undefined || !meant ? {} : { minimum }),
    ...(maximum === undefined || !meant ? {} : { maximum }),
  };
}

function limit(text: string | undefined): number | undefined {
  const trimmed = (text ?? '').trim();
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
