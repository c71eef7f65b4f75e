import type { FieldKind, SectionCode } from '../../report/index.ts';
import type { FactName, TemplateOrigin } from '../template.ts';

/** A field while it is written: numbers and lists as they were typed, so that nothing half-typed is lost. */
export type WrittenField = {
  /** Stands in a line as `{id}`; follows the name. */
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  /** One a line. */
  readonly choices: string;
  readonly many: boolean;
  readonly unit: string;
  readonly minimum: string;
  readonly maximum: string;
  /** Stand there until touched. */
  readonly words: string;
  /** Stand there only where the reader said that all is normal. */
  readonly normal: string;
  readonly fill: FactName | '';
};

/** For whom; nothing means everybody. */
export type WrittenCondition = {
  readonly sex: readonly ('M' | 'F' | 'O')[];
  readonly minimumAge: string;
  readonly maximumAge: string;
  /** Modalities, with `;` between them. */
  readonly modality: string;
};

/** A statement. */
export type WrittenLine = {
  /** Names it while it is written. */
  readonly key: string;
  /** Words with fields as `{id}`. */
  readonly text: string;
  readonly element: string;
  /** Other names of the element, with `;` between them. */
  readonly also: string;
  readonly joined: boolean;
  readonly when: WrittenCondition;
};

/** Which exams, as typed; lists with `;` between their words. */
export type WrittenMatching = {
  readonly procedureCodes: string;
  readonly procedureWords: string;
  readonly reasonWords: string;
  readonly notProcedureWords: string;
  readonly modalities: string;
  readonly bodyParts: string;
  readonly views: string;
  readonly sex: '' | 'M' | 'F';
  readonly minimumAge: string;
  readonly maximumAge: string;
};

/** A template or macro while it is written. It may be faulty at any time; `templateOf` and `macroOf` make what is saved. */
export type Written = {
  readonly kind: 'template' | 'macro';
  /** Empty until the first save. */
  readonly id: string;
  /** The version that was opened, and that the next one follows; null for a new one. */
  readonly replaces: number | null;
  /** Of a macro its name. */
  readonly title: string;
  readonly description: string;
  readonly language: string;
  readonly matching: WrittenMatching;
  readonly fields: readonly WrittenField[];
  /** Of a macro all lines stand under Findings. */
  readonly sections: Readonly<Record<SectionCode, readonly WrittenLine[]>>;
  /** Elements that a complete exam, and a limited one, must speak of. */
  readonly complete: readonly string[];
  readonly limited: readonly string[];
  readonly origin: TemplateOrigin | null;
  /** Of a macro: its other names, where it goes without a caret, and for whom. */
  readonly also: string;
  readonly section: SectionCode | '';
  readonly when: WrittenCondition;
  /** Number of the next line. */
  readonly nextLine: number;
};

export const forEverybody: WrittenCondition = { sex: [], minimumAge: '', maximumAge: '', modality: '' };

export const forAnyExam: WrittenMatching = {
  ...{ procedureCodes: '', procedureWords: '', reasonWords: '', notProcedureWords: '', modalities: '', bodyParts: '' },
  ...{ views: '', sex: '', minimumAge: '', maximumAge: '' },
};

/** Nothing but one empty line in Findings. */
export function blankWritten(kind: Written['kind']): Written {
  const line: WrittenLine = { key: 'line-1', text: '', element: '', also: '', joined: false, when: forEverybody };
  return {
    ...{ kind, id: '', replaces: null, title: '', description: '', language: 'en', matching: forAnyExam, fields: [] },
    sections: { '55752-0': [], '55111-9': [], '18834-2': [], '59776-5': [line], '19005-8': [] } as Written['sections'],
    ...{ complete: [], limited: [], origin: null, also: '', section: '', when: forEverybody, nextLine: 2 },
  };
}
