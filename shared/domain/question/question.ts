import { after, type Instant, type Millis, millis, minutes } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Priority } from '../order/index.ts';
import type { Laterality } from '../study/index.ts';

/** What a reader may ask a site (spec/features.md 2.2). `other` is said in words. */
export const questionKinds = ['side', 'prior', 'history', 'views', 'patient', 'contrast', 'other'] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** Somebody as the record knows her. */
export type Person = { readonly id: string; readonly name: string };

/** Something that the desk sends along: a note as text, or a picture of one. */
export type Attachment = {
  readonly name: string;
  readonly mediaType: (typeof attachmentTypes)[number];
  /** Base64 of the bytes. */
  readonly data: string;
};
export const attachmentTypes = ['text/plain', 'image/png', 'image/jpeg'] as const;
/** Characters of base64: some 400 kB of bytes. It stands in the record and in every host that follows it. */
export const longestAttachment = 560_000;

/** What the desk changes in the order with its answer; the order keeps who and why. */
export type OrderCorrection = {
  readonly laterality: Laterality | null;
  /** The reason for exam anew; null leaves it. */
  readonly reason: string | null;
};

export type Answer = {
  readonly by: Person;
  readonly at: Instant;
  /** One of the choices of the kind; null where the words say it all. */
  readonly choice: string | null;
  readonly words: string;
  readonly attachment: Attachment | null;
  readonly correction: OrderCorrection | null;
};

export type QuestionState =
  | { readonly kind: 'asked' }
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'withdrawn'; readonly by: Person; readonly at: Instant; readonly reason: string };

/** A question of a reader to the site that made the exam. */
export type Question = {
  readonly id: string;
  /** The reading task that it is about. */
  readonly taskId: string;
  readonly orderId: string | null;
  /** Logical id of the Organization that is asked. */
  readonly siteId: string;
  /** Logical id of the Patient in the record; null where no order named one. */
  readonly patientReference: string | null;
  readonly kind: QuestionKind;
  readonly words: string;
  readonly asker: Person;
  readonly askedAt: Instant;
  readonly state: QuestionState;
};

export type QuestionMove =
  | ({ readonly kind: 'answer' } & Omit<Answer, 'at'>)
  | { readonly kind: 'withdraw'; readonly by: Person; readonly reason: string };

export type QuestionRefusal = {
  readonly code: 'answered-already' | 'withdrawn-already' | 'nothing-said' | 'no-such-choice' | 'no-reason';
  readonly words: string;
};

type Choice = { readonly code: string; readonly words: string; readonly laterality?: Laterality };
type KindWords = {
  /** As the reader chooses it. */
  readonly title: string;
  /** As the desk reads it. */
  readonly asks: string;
  readonly choices: readonly Choice[];
};

/** Each kind of question: its words, and what the desk can answer with one press. */
export const questionWords: Readonly<Record<QuestionKind, KindWords>> = {
  side: {
    title: 'Which side?',
    asks: 'Which side was to be examined?',
    choices: [
      { code: 'left', words: 'Left', laterality: 'L' },
      { code: 'right', words: 'Right', laterality: 'R' },
      { code: 'both', words: 'Both sides', laterality: 'B' },
    ],
  },
  prior: {
    title: 'Missing prior',
    asks: 'An earlier study is missing. Can you send it?',
    choices: [
      { code: 'sent', words: 'Sent now' },
      { code: 'none', words: 'There is none' },
      { code: 'elsewhere', words: 'It is elsewhere' },
    ],
  },
  history: {
    title: 'Missing history',
    asks: 'What is the history, and what is the reason for this exam?',
    choices: [{ code: 'none-known', words: 'None known' }],
  },
  views: {
    title: 'Missing views or series',
    asks: 'Views or series are missing. Can you send them?',
    choices: [
      { code: 'sent', words: 'Sent now' },
      { code: 'not-made', words: 'They were not made' },
      { code: 'repeat', words: 'The patient is called back' },
    ],
  },
  patient: {
    title: 'Wrong patient?',
    asks: 'Order and images may name different people. Who was examined?',
    choices: [
      { code: 'as-ordered', words: 'The patient of the order' },
      { code: 'another', words: 'Another patient: do not read' },
    ],
  },
  contrast: {
    title: 'Contrast given?',
    asks: 'Was contrast given?',
    choices: [
      { code: 'given', words: 'Given' },
      { code: 'not-given', words: 'Not given' },
    ],
  },
  other: { title: 'Other', asks: 'A question', choices: [] },
};

/** The side that an answer's choice names; null where it names none. */
export function lateralityOfChoice(kind: QuestionKind, choice: string | null): Laterality | null {
  return questionWords[kind].choices.find((one) => one.code === choice)?.laterality ?? null;
}

/** A choice in words; empty for none and for one that this version does not know. */
export function choiceWords(kind: QuestionKind, choice: string | null): string {
  return questionWords[kind].choices.find((one) => one.code === choice)?.words ?? '';
}

/** Whether words must come with a question of that kind: "other" says nothing by itself. */
export function needsWords(kind: QuestionKind): boolean {
  return questionWords[kind].choices.length === 0;
}

export function stepQuestion(question: Question, move: QuestionMove, now: Instant): Result<Question, QuestionRefusal> {
  const { state } = question;
  if (state.kind === 'answered')
    return err({ code: 'answered-already', words: `${state.answer.by.name} has answered it already.` });
  if (state.kind === 'withdrawn')
    return err({ code: 'withdrawn-already', words: `${state.by.name} has withdrawn this question.` });
  // A host's clock may be behind the one that wrote the question; no answer is older than what it answers.
  const at = now > question.askedAt ? now : question.askedAt;
  if (move.kind === 'withdraw') {
    if (move.reason.trim() === '') return err({ code: 'no-reason', words: 'Say why it is withdrawn.' });
    return ok({ ...question, state: { kind: 'withdrawn', by: move.by, at, reason: move.reason.trim() } });
  }
  const { kind: _kind, ...said } = move;
  if (said.choice !== null && !questionWords[question.kind].choices.some((one) => one.code === said.choice))
    return err({ code: 'no-such-choice', words: 'That is no answer to this question.' });
  if (said.choice === null && said.words.trim() === '' && said.attachment === null && said.correction === null)
    return err({ code: 'nothing-said', words: 'Choose an answer, write one or attach a note.' });
  return ok({ ...question, state: { kind: 'answered', answer: { ...said, words: said.words.trim(), at } } });
}

/** How long a site may be silent before the lead is told, by how urgent the study is. Unknown priority counts as urgent. */
export const escalateAfter: Readonly<Record<Priority, Millis>> = {
  stat: minutes(10),
  asap: minutes(15),
  urgent: minutes(30),
  unknown: minutes(30),
  routine: minutes(120),
};

export type QuestionStanding = 'asked' | 'escalated' | 'answered' | 'withdrawn';

/** Where a question stands. "Escalated" follows from the time alone, so that every host and page sees the same. */
export function standingOfQuestion(question: Question, priority: Priority, now: Instant): QuestionStanding {
  if (question.state.kind !== 'asked') return question.state.kind;
  return now >= escalatesAt(question, priority) ? 'escalated' : 'asked';
}

export function escalatesAt(question: Pick<Question, 'askedAt'>, priority: Priority): Instant {
  return after(question.askedAt, escalateAfter[priority]);
}

/** How long the question waited for its answer, or waits until now. */
export function waited(question: Question, now: Instant): Millis {
  const { state } = question;
  const end = state.kind === 'asked' ? now : state.kind === 'answered' ? state.answer.at : state.at;
  return millis(Math.max(0, end - question.askedAt));
}
