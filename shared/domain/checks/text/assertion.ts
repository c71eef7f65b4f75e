import { indexOfWords, type Sentence, type Token } from './sentences.ts';

/**
 * What a sentence says of something it names. `negated`: it is not there. `qualified`: only a kind of it is not there ("no large
 * effusion"), which says nothing of the others. `possible`: it may be there, or somebody is to look for it. `old`: it was there before
 * this exam, or has not changed.
 */
export type Assertion = 'affirmed' | 'negated' | 'qualified' | 'possible' | 'old';

const rows = (text: string): readonly (readonly string[])[] => text.split('|').map((row) => row.split(' '));

/** Words that deny what comes after them (after Chapman et al., NegEx, J Biomed Inform 2001;34:301). */
const denials = rows(
  'no|without|not|negative for|negative|free of|absence of|absent|neither|nor|denies|lack of|clear of|resolution of|rather than|cannot identify|ruled out for',
);
/** Denied is the change, not the thing: "no change in the effusion". */
const changes =
  /^(change|changes|increase|decrease|progression|worsening|growth|improvement|difference|longer|doubt|only|certain|excluded|exclude|further|necessarily)$/;
/** Words behind the thing that deny it. */
const denialsBehind = rows(
  'not|absent|negative|none|no longer|resolved|excluded|unlikely|ruled out|has cleared|have cleared',
);
/** The scope of a denial ends here. */
const turns =
  /^(but|however|although|though|except|otherwise|aside|apart|besides|whereas|while|yet|because|secondary|due|there|which)$/;
/** A part behind a comma that begins so says something of its own, unless the list goes on with "or". */
const starts =
  /^(there|the|a|an|this|these|small|mild|mildly|moderate|severe|minimal|trace|stable|unchanged|bilateral|multiple|several|heart|lungs|cardiac|mediastinal|status|normal|new|likely|consistent)$/;
/** Words between a denial and the thing that leave it a denial of the whole thing. */
const neutral =
  /^(evidence|of|for|sign|signs|suggestion|findings|finding|the|any|a|an|radiographic|convincing|ct|mr|mri|sonographic|imaging|to|suggest|is|are|there|identified|seen|visualized|visible|noted|demonstrated|present|and|or|nor|other)$/;
const doubts = rows(
  'possible|possibly|may|might|could|questionable|question of|cannot exclude|cannot be excluded|not excluded|not be excluded|not entirely excluded|rule out|evaluate for|evaluation for|evaluation of|versus|vs|differential|consider|if|recommend|recommended|to exclude|exclude|risk of|risk for|such as|concern about|assess for|correlate|correlation|potential|equivocal|?',
);
const past = rows(
  'history of|history|h / o|hx|status post|s / p|prior|previous|previously|old|remote|known|chronic|healed|healing|stable|unchanged|resolving|resolved|again seen|again noted|no change|without change|no interval change|postoperative|post|decreased|smaller|improved',
);

function anyRow(tokens: readonly Token[], list: readonly (readonly string[])[], from: number, to: number): boolean {
  const part = tokens.slice(Math.max(0, from), Math.max(0, to));
  return list.some((row) => indexOfWords(part, row) >= 0);
}

/** What the sentence says of the words from token `at` up to, not with, `end`. */
export function assertionOf(sentence: Sentence, at: number, end: number): Assertion {
  const { tokens } = sentence;
  const denial = denialBefore(tokens, at);
  const [from, to] = clauseAround(tokens, at, end);
  if (anyRow(tokens, doubts, from, to) && denial !== 'negated') return 'possible';
  if (denial !== null) return denial;
  if (deniedBehind(tokens, end)) return anyRow(tokens, doubts, from, to) ? 'possible' : 'negated';
  return anyRow(tokens, past, from, to) ? 'old' : 'affirmed';
}

/** The part of a sentence between turns, so that "stable nodule, but new effusion" calls only the nodule old. */
function clauseAround(tokens: readonly Token[], at: number, end: number): readonly [number, number] {
  let from = at;
  while (from > 0 && !/^(but|however|although|though|whereas|while)$/.test(tokens[from - 1]?.text ?? '')) from -= 1;
  let to = end;
  while (to < tokens.length && !/^(but|however|although|though|whereas|while)$/.test(tokens[to]?.text ?? '')) to += 1;
  return [from, to];
}

function denialBefore(tokens: readonly Token[], at: number): 'negated' | 'qualified' | null {
  for (let back = at - 1; back >= 0; back -= 1) {
    const row = denials.find((words) => words.every((word, step) => tokens[back + step]?.text === word));
    if (row !== undefined && back + row.length <= at && !isPseudo(tokens, back + row.length, at)) {
      if (reaches(tokens, back + row.length, at))
        return isQualified(tokens, back + row.length, at) ? 'qualified' : 'negated';
    }
  }
  return null;
}

/** "No change in": within three words of the denial stands what is really denied. */
function isPseudo(tokens: readonly Token[], from: number, at: number): boolean {
  return tokens.slice(from, Math.min(from + 3, at)).some(({ text }) => changes.test(text));
}

function reaches(tokens: readonly Token[], from: number, at: number): boolean {
  for (let next = from; next < at; next += 1) {
    const text = tokens[next]?.text ?? '';
    if (turns.test(text)) return false;
    if (text === 'other' && tokens[next + 1]?.text === 'than') return false;
    if (text === ':') return false;
    const following = tokens[next + 1]?.text ?? '';
    if (text === 'and' && /^(there|the|this|these|heart|lungs)$/.test(following)) return false;
    if (text === ',' && starts.test(following) && !listGoesOn(tokens, next + 1)) return false;
  }
  return true;
}

/** Whether an "or" still comes: the words between are then one list. */
function listGoesOn(tokens: readonly Token[], from: number): boolean {
  for (let next = from; next < tokens.length; next += 1) {
    const text = tokens[next]?.text ?? '';
    if (turns.test(text)) return false;
    if (text === 'or' || text === 'nor') return true;
  }
  return false;
}

function isQualified(tokens: readonly Token[], from: number, at: number): boolean {
  let start = from;
  for (let next = from; next < at; next += 1)
    if (/^(,|or|and|nor|\/)$/.test(tokens[next]?.text ?? '')) start = next + 1;
  return tokens.slice(start, at).some(({ text }) => !neutral.test(text));
}

function deniedBehind(tokens: readonly Token[], end: number): boolean {
  for (let next = end; next < Math.min(tokens.length, end + 7); next += 1) {
    const text = tokens[next]?.text ?? '';
    if (turns.test(text) || text === ',') return false;
    if (text === ':' && /^(none|no|absent|negative)$/.test(tokens[next + 1]?.text ?? '')) return true;
    const row = denialsBehind.find((words) => words.every((word, step) => tokens[next + step]?.text === word));
    if (row === undefined) continue;
    const after = tokens[next + row.length]?.text ?? '';
    // "Effusion, not changed" and "not large" leave it there; "not seen" does not.
    if (row[0] === 'not')
      return /^(seen|identified|visualized|visualised|evident|present|appreciated|demonstrated|detected|visible|noted|apparent|found|shown)$/.test(
        after,
      );
    return true;
  }
  return false;
}
