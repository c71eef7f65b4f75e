import { type ReactNode, useMemo, useState } from 'react';
import type { ReaderId } from '../../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../../shared/domain/reading/index.ts';
import { type Draft, draftFrom } from '../../../../shared/domain/report/index.ts';
import {
  applyTemplate,
  figureOf,
  insertMacro,
  listOf,
  macroOf,
  type TemplateFacts,
  templateOf,
  type Written,
} from '../../../../shared/domain/template/index.ts';
import { instant } from '../../../../shared/lib/instant.ts';
import { SmallSelect, SmallText } from './small-fields.tsx';

type Sex = 'F' | 'M' | 'O';

/** An exam that the template is for: what it does not say is a woman of 50 years. */
function examOf(written: Written): { readonly sex: Sex; readonly age: string; readonly modality: string } {
  const { matching, when, kind } = written;
  const ages = kind === 'template' ? matching : when;
  const [least, most] = [figureOf(ages.minimumAge) ?? 0, figureOf(ages.maximumAge) ?? 150];
  const sex = kind === 'template' ? matching.sex : (when.sex[0] ?? '');
  return {
    sex: sex === '' ? 'F' : sex,
    age: String(Math.min(Math.max(50, least), most)),
    modality: listOf(kind === 'template' ? matching.modalities : when.modality)[0] ?? 'CT',
  };
}

const nothing = draftFrom(
  { clinicalInformation: '', technique: '', comparison: '' },
  { taskId: 'trial' as TaskId, studyUid: null, readerId: 'trial' as ReaderId, now: instant(0) },
);

/** The draft that a report would have from it, for this patient. */
export function trialDraft(written: Written, facts: TemplateFacts): Draft {
  if (written.kind === 'template')
    return applyTemplate(nothing, { level: 'user', template: templateOf(written, 'trial') }, facts);
  return (
    insertMacro(nothing, macroOf(written, 'trial'), facts, { section: written.section || '59776-5' })?.draft ?? nothing
  );
}

/** What would stand in a report, in the report's own sections: its fields can be tried by their keys. */
export function TrialPanel(props: { readonly written: Written; readonly trial: (draft: Draft) => ReactNode }) {
  const { written } = props;
  const [own, setOwn] = useState<Partial<ReturnType<typeof examOf>>>({});
  const exam = { ...examOf(written), ...own };
  const { sex, age, modality } = exam;
  const draft = useMemo(
    () =>
      trialDraft(written, {
        ...{ procedureCodes: [], procedure: '', reason: '', bodyPart: '' },
        modalities: [modality.toUpperCase()],
        sex,
        age: figureOf(age) ?? null,
        facility: { name: 'Imaging site of the exam', address: 'Its address' },
      }),
    [written, sex, age, modality],
  );
  return (
    <div className="tpe-trial">
      <div className="tpe-triple">
        <SmallSelect<Sex>
          label="Tried for sex"
          value={sex}
          options={[
            ['F', 'female'],
            ['M', 'male'],
            ['O', 'not known'],
          ]}
          onChange={(next) => setOwn({ ...own, sex: next })}
        />
        <SmallText label="Age" value={age} most={3} onChange={(next) => setOwn({ ...own, age: next })} />
        <SmallText
          label="Modality"
          value={modality}
          most={16}
          onChange={(next) => setOwn({ ...own, modality: next })}
        />
      </div>
      {props.trial(draft)}
      {Object.values(draft.sections).every((words) => words === '') && (draft.fields ?? []).length === 0 ? (
        <p className="mute">Nothing for this patient yet. What you write on the left stands here as a report has it.</p>
      ) : (
        <p className="mute small">Tab goes through the fields, as in a report. Nothing that is tried here is kept.</p>
      )}
    </div>
  );
}
