/**
 * What an image window may have on screen, from what it heard of its reading window. Two rules carry it: anything that is heard may take
 * images away, and only an answer to a question of this very window may bring them; and an answer is good for a bounded time from the
 * moment of the question. So no image stands here longer than that bound after the reading window left its case, whatever the messages do
 * (lost, late, twice, in another order) and however often the reading window is loaded anew.
 */

/** What the reading window says that it has. */
export type MainSays =
  | { readonly kind: 'case'; readonly epoch: number }
  /** The screen is locked; `epoch` is of the case beneath. */
  | { readonly kind: 'locked'; readonly epoch: number | null }
  | { readonly kind: 'opening' }
  | { readonly kind: 'no-case' };

export type Telling = {
  /** Another loading of the reading window has another name. */
  readonly main: string;
  /** Grows with every change of what that loading says. */
  readonly turn: number;
  /** The question that this answers; null where it was said unasked. */
  readonly answers: number | null;
  readonly says: MainSays;
};

type Heard = {
  readonly main: string;
  readonly turn: number;
  /** When the question of its last answer was put: what it said was so at that moment or later. */
  readonly at: number;
  /** `changing`: another case was told of; the screen is empty once before that is shown. */
  readonly says: MainSays | { readonly kind: 'changing' };
};

export type Following = {
  readonly asked: readonly { readonly question: number; readonly at: number }[];
  readonly heard: readonly Heard[];
};

/** Milliseconds that an answer is good for, and after which a case that is covered in silence is dropped. */
export const answerGoodFor = 2_000;
export const droppedAfter = 10_000;

export const nothingHeard: Following = { asked: [], heard: [] };

/** A question was put. Those that can no longer bring anything are forgotten. */
export function ask(state: Following, question: number, now: number): Following {
  return {
    heard: state.heard.filter((one) => now - one.at <= droppedAfter),
    asked: [...state.asked.filter((one) => now - one.at <= answerGoodFor), { question, at: now }],
  };
}

/** That loading of the reading window ended: nothing of it counts any more. */
export function farewell(state: Following, main: string): Following {
  return { ...state, heard: state.heard.filter((one) => one.main !== main) };
}

export function hear(state: Following, telling: Telling, now: number): Following {
  const before = state.heard.find((one) => one.main === telling.main) ?? null;
  // Late or told twice: something newer is known.
  if (before !== null && telling.turn < before.turn) return state;
  const question = state.asked.find((one) => one.question === telling.answers);
  const answered = question !== undefined && now - question.at <= answerGoodFor ? question.at : null;
  if (before === null && answered === null) return state;
  const next: Heard = {
    main: telling.main,
    turn: telling.turn,
    at: Math.max(before?.at ?? 0, answered ?? 0),
    says: nextSays(before?.says ?? { kind: 'changing' }, telling.says, answered !== null),
  };
  return { ...state, heard: [...state.heard.filter((one) => one.main !== telling.main), next] };
}

function nextSays(before: Heard['says'], told: MainSays, answered: boolean): Heard['says'] {
  if (told.kind !== 'case') return told;
  if (before.kind === 'case') return before.epoch === told.epoch ? told : { kind: 'changing' };
  // What brings images has to be asked for.
  if (answered) return told;
  return before.kind === 'locked' ? before : { kind: 'changing' };
}

/** `covered`: the images of that case stay as they are, under a cover that shows nothing of them. `empty`: there are none. */
export type FollowedView =
  | { readonly show: 'images'; readonly main: string; readonly epoch: number }
  | { readonly show: 'covered'; readonly main: string; readonly epoch: number; readonly why: 'silent' | 'locked' }
  | { readonly show: 'empty'; readonly why: 'silent' | 'several' | 'locked' | 'changing' | 'opening' | 'no-case' };

/** What may stand on screen at `now`. */
export function followedView(state: Following, now: number): FollowedView {
  const fresh = state.heard.filter((one) => now - one.at <= answerGoodFor);
  if (fresh.length > 1) return { show: 'empty', why: 'several' };
  const [heard] = fresh;
  if (heard === undefined) {
    const [last] = state.heard.toSorted((one, other) => other.at - one.at);
    const epoch = last?.says.kind === 'case' || last?.says.kind === 'locked' ? last.says.epoch : null;
    return last === undefined || epoch === null || now - last.at > droppedAfter
      ? { show: 'empty', why: 'silent' }
      : { show: 'covered', main: last.main, epoch, why: 'silent' };
  }
  const { main, says } = heard;
  switch (says.kind) {
    case 'case':
      return { show: 'images', main, epoch: says.epoch };
    case 'locked':
      return says.epoch === null
        ? { show: 'empty', why: 'locked' }
        : { show: 'covered', main, epoch: says.epoch, why: 'locked' };
    case 'changing':
    case 'opening':
    case 'no-case':
      return { show: 'empty', why: says.kind };
    default:
      return says satisfies never;
  }
}
