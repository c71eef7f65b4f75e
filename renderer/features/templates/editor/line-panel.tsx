import type { SectionCode } from '../../../../shared/domain/report/index.ts';
import {
  type AskedOf,
  askElement,
  askedOf,
  changeLine,
  type WrittenLine,
} from '../../../../shared/domain/template/index.ts';
import { ConditionFields } from './condition-fields.tsx';
import { SmallCheck, SmallSelect, SmallText } from './small-fields.tsx';
import type { Writing } from './use-writing.ts';

const asked: readonly (readonly [AskedOf, string])[] = [
  ['none', 'no exam'],
  ['complete', 'a complete exam'],
  ['both', 'a complete and a limited exam'],
];

/** What a line speaks of, which exams must speak of it, and for whom it stands. */
export function LinePanel(props: {
  readonly writing: Writing;
  readonly code: SectionCode;
  readonly line: WrittenLine;
}) {
  const { writing, code, line } = props;
  const set = (next: Partial<Omit<WrittenLine, 'key'>>, what: string): void =>
    writing.change((one) => changeLine(one, code, line.key, next), `${line.key} ${what}`);
  return (
    <section className="tpe-panel" aria-label="This line">
      <h3>Line</h3>
      <SmallText
        label="Speaks of"
        hint="Liver"
        value={line.element}
        most={200}
        onChange={(element) => set({ element }, 'element')}
      />
      <SmallText
        label="Also called"
        hint="hepatic; liver segments"
        value={line.also}
        most={5_000}
        onChange={(also) => set({ also }, 'also')}
      />
      {writing.written.kind === 'macro' || line.element.trim() === '' ? null : (
        <SmallSelect
          label="Must be spoken of by"
          value={askedOf(writing.written, line.element)}
          options={asked}
          onChange={(of) => writing.change((one) => askElement(one, line.element, of), 'asked')}
        />
      )}
      <SmallCheck
        label="Behind the line before, on the same line"
        checked={line.joined}
        onChange={(joined) => set({ joined }, 'joined')}
      />
      <ConditionFields of="Only for" when={line.when} onChange={(when) => set({ when }, 'when')} />
    </section>
  );
}
