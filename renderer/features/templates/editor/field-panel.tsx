import { type FieldKind, fieldKinds } from '../../../../shared/domain/report/index.ts';
import { changeField, removeField, type WrittenField } from '../../../../shared/domain/template/index.ts';
import { Button } from '../../../ui/index.ts';
import { SmallCheck, SmallSelect, SmallText } from './small-fields.tsx';
import type { Writing } from './use-writing.ts';

export const kindWords: Readonly<Record<FieldKind, string>> = {
  choice: 'Choice',
  number: 'Number',
  measurement: 'Measurement',
  laterality: 'Side',
  date: 'Date',
  text: 'Words',
};

/** What a field is: its name, what goes in, and what stands there before anybody types. */
export function FieldPanel(props: {
  readonly writing: Writing;
  readonly field: WrittenField;
  readonly onId: (id: string) => void;
  /** Back to the line. */
  readonly onBack: () => void;
}) {
  const { writing, field, onId, onBack } = props;
  const set = (next: Partial<Omit<WrittenField, 'id'>>, what: string): void => {
    let id = field.id;
    writing.change((one) => {
      const changed = changeField(one, field.id, next);
      id = changed.id;
      return changed.written;
    }, `field ${what}`);
    onId(id);
  };
  const figures = field.kind === 'number' || field.kind === 'measurement';
  const listed = field.kind === 'choice' || field.kind === 'laterality';
  return (
    <section className="tpe-panel" aria-label="This field">
      <h3>
        Field <span className="mono mute">{`{${field.id}}`}</span>
      </h3>
      <SmallText
        label="Name"
        place={`field ${field.id}`}
        hint="Lesion size"
        value={field.name}
        most={200}
        onChange={(name) => set({ name }, 'name')}
        onEnter={onBack}
      />
      <SmallSelect
        label="What goes in"
        value={field.kind}
        options={fieldKinds.map((kind) => [kind, kindWords[kind]] as const)}
        onChange={(kind) => set({ kind }, 'kind')}
      />
      {listed ? (
        <>
          <SmallText
            label={field.kind === 'choice' ? 'Choices, one a line' : 'Sides, one a line (else right, left, bilateral)'}
            lines={4}
            most={20_000}
            value={field.choices}
            onChange={(choices) => set({ choices }, 'choices')}
          />
          <SmallCheck label="Several at once" checked={field.many} onChange={(many) => set({ many }, 'many')} />
        </>
      ) : null}
      {figures ? (
        <div className="tpe-triple">
          <SmallText
            label="Unit"
            hint="mm"
            value={field.unit}
            most={30}
            onChange={(unit) => set({ unit }, 'unit')}
            onEnter={onBack}
          />
          <SmallText
            label="Least"
            value={field.minimum}
            most={30}
            onChange={(minimum) => set({ minimum }, 'least')}
            onEnter={onBack}
          />
          <SmallText
            label="Most"
            value={field.maximum}
            most={30}
            onChange={(maximum) => set({ maximum }, 'most')}
            onEnter={onBack}
          />
        </div>
      ) : null}
      <SmallCheck
        label="Required: no signature while it is open"
        checked={field.required}
        onChange={(required) => set({ required }, 'required')}
      />
      <SmallText
        label="Stands there until touched"
        value={field.words}
        most={5_000}
        onChange={(words) => set({ words }, 'words')}
        onEnter={onBack}
      />
      <SmallText
        label="Stands there only when all is said to be normal"
        value={field.normal}
        most={5_000}
        onChange={(normal) => set({ normal }, 'normal')}
        onEnter={onBack}
      />
      <SmallSelect
        label="Filled from"
        value={field.fill}
        options={[
          ['', 'nothing'],
          ['facility-name', 'the site’s name'],
          ['facility-address', 'the site’s address'],
        ]}
        onChange={(fill) => set({ fill }, 'fill')}
      />
      <Button kind="quiet" onClick={() => writing.change((one) => removeField(one, field.id), 'remove-field')}>
        Take this field out
      </Button>
    </section>
  );
}
