import { reportSections, type SectionCode } from '../../../../shared/domain/report/index.ts';
import type { WrittenMatching } from '../../../../shared/domain/template/index.ts';
import { ConditionFields } from './condition-fields.tsx';
import { SmallSelect, SmallText } from './small-fields.tsx';
import type { Writing } from './use-writing.ts';

/** For which exams a template is offered, or for whom a macro is meant. */
export function MatchingPanel({ writing }: { readonly writing: Writing }) {
  const { written, change } = writing;
  const { matching } = written;
  const set = (next: Partial<WrittenMatching>): void =>
    change((one) => ({ ...one, matching: { ...one.matching, ...next } }), `matching ${Object.keys(next).join()}`);
  const text = (name: Exclude<keyof WrittenMatching, 'sex'>, label: string, hint?: string) => (
    <SmallText
      label={label}
      place={`matching ${name}`}
      value={matching[name]}
      most={5_000}
      onChange={(value) => set({ [name]: value })}
      {...(hint === undefined ? {} : { hint })}
    />
  );
  if (written.kind === 'macro')
    return (
      <div className="tpe-tab-body">
        <SmallText
          label="Also called"
          hint="stone free; no calculus"
          value={written.also}
          most={5_000}
          onChange={(also) => change((one) => ({ ...one, also }), 'also')}
        />
        <SmallSelect<SectionCode | ''>
          label="Goes, where the caret is in no section, to"
          value={written.section}
          options={[
            ['', 'Findings'],
            ...reportSections.filter(({ code }) => code !== '59776-5').map(({ code, title }) => [code, title] as const),
          ]}
          onChange={(section) => change((one) => ({ ...one, section }), 'section')}
        />
        <ConditionFields
          of="Only for"
          when={written.when}
          onChange={(when) => change((one) => ({ ...one, when }), 'when')}
        />
      </div>
    );
  return (
    <div className="tpe-tab-body">
      <p className="mute small">
        What is left empty says nothing. Lists have a semicolon between their words. What contradicts an exam keeps the
        template from being offered for it; it is found by name all the same.
      </p>
      {text('modalities', 'Modalities', 'CT; MR')}
      {text('bodyParts', 'Body parts', 'chest; abdomen')}
      {text('procedureWords', 'Words of the exam’s name, one of', 'pulmonary embolism; CTPA')}
      {text('notProcedureWords', 'Not where the exam’s name has', 'angiogram')}
      {text('reasonWords', 'Words of the reason, one of')}
      {text('procedureCodes', 'Procedure codes', '71260; 71270')}
      <div className="tpe-triple">
        <SmallSelect
          label="Sex"
          value={matching.sex}
          options={[
            ['', 'any'],
            ['F', 'female'],
            ['M', 'male'],
          ]}
          onChange={(sex) => set({ sex })}
        />
        {text('minimumAge', 'From age')}
        {text('maximumAge', 'Up to age')}
      </div>
      {text('views', 'Views (1, or 2 for two and more)')}
      <SmallText
        label="Description"
        value={written.description}
        lines={2}
        most={2_000}
        onChange={(description) => change((one) => ({ ...one, description }), 'description')}
      />
    </div>
  );
}
