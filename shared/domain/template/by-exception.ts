import { err, ok, type Result } from '../../lib/result.ts';
import { meetsCondition, type ReportTemplate, type Statement, type TemplateFacts } from './template.ts';

/** What was said could not be placed: nothing is put in, because a normal sentence beside a finding is worse than none. */
export type UnplacedException = {
  readonly code: 'unknown-element' | 'two-elements';
  readonly words: string;
  /** Names that the template knows. */
  readonly known: readonly string[];
};

type Named = { readonly element: string; readonly name: string; readonly statement: Statement };

/** What of a template can be named, for this patient. */
export function elementsOf(template: ReportTemplate, facts: TemplateFacts): readonly string[] {
  return [...new Set(namesOf(template, facts).map((one) => one.element))];
}

function namesOf(template: ReportTemplate, facts: TemplateFacts): readonly Named[] {
  return template.sections
    .flatMap((section) => section.statements)
    .filter((statement) => meetsCondition(statement.when, facts))
    .flatMap((statement) => {
      const { element } = statement;
      if (element === undefined) return [];
      return [element, ...(statement.also ?? [])].map((name) => ({ element, name: name.toLowerCase(), statement }));
    });
}

/** "Normal except" without its words of command; the exceptions one by one. A full stop inside a number ends nothing. */
function clauses(said: string): readonly string[] {
  return said
    .replace(
      /^\s*(?:everything(?:\s+is)?\s+)?normal\b\s*(?:study|exam)?\s*(?:except(?:\s+for)?|apart\s+from)?\b\s*[:,]?\s*/i,
      '',
    )
    .split(/\s*(?:;|\n|\.(?=\s|$))\s*/)
    .map((one) => one.replace(/^(?:and|also|for|except(?:\s+for)?)\s+/i, '').trim())
    .filter((one) => one !== '');
}

/** A sentence: a capital first, a full stop last. */
function sentence(words: string): string {
  const trimmed = words.trim();
  if (trimmed === '') return '';
  const capital = trimmed.charAt(0).toLocaleUpperCase('en') + trimmed.slice(1);
  return /[.!?:]$/.test(capital) ? capital : `${capital}.`;
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');

/**
 * Reads "normal except liver: 2 cm cyst in segment 6; gallbladder contains stones" against one template. Each exception begins with the
 * name of an element, or holds exactly one name; what cannot be placed refuses the whole. A name without words leaves that place open.
 */
export function readExceptions(
  template: ReportTemplate,
  facts: TemplateFacts,
  said: string,
): Result<ReadonlyMap<string, string>, UnplacedException> {
  // The longest first: "left kidney" is not the left.
  const names = namesOf(template, facts).toSorted((left, right) => right.name.length - left.name.length);
  const known = elementsOf(template, facts);
  const found = new Map<string, string>();
  for (const clause of clauses(said)) {
    const first = names.find(({ name }) =>
      new RegExp(`^(?:the\\s+)?${escaped(name)}(?![\\p{L}\\p{N}])`, 'iu').test(clause),
    );
    let element: string;
    let words: string;
    if (first !== undefined) {
      element = first.element;
      const rest = clause.replace(new RegExp(`^(?:the\\s+)?${escaped(first.name)}\\s*[:,-]?\\s*`, 'iu'), '');
      // Under a heading of the same name the name is not said again; elsewhere the sentence needs it.
      words =
        rest === '' || hasHeading(first.statement) || /^[:,-]/.test(clause.slice(first.name.length).trim())
          ? rest
          : clause;
    } else {
      const inside = new Set(
        names
          .filter(({ name }) => new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'iu').test(clause))
          .map((one) => one.element),
      );
      const [only] = inside;
      if (only === undefined || inside.size > 1)
        return err({ code: only === undefined ? 'unknown-element' : 'two-elements', words: clause, known });
      element = only;
      words = clause;
    }
    const before = found.get(element);
    found.set(element, before === undefined || before === '' ? sentence(words) : `${before} ${sentence(words)}`);
  }
  return ok(found);
}

function hasHeading({ element, parts }: Statement): boolean {
  const [first] = parts;
  return typeof first === 'string' && element !== undefined && first.toLowerCase().startsWith(element.toLowerCase());
}

/** Why an exception could not be placed, and what can be named instead. */
export function unplacedWords({ code, words, known }: UnplacedException): string {
  const names = known.length === 0 ? 'It names no parts.' : `It knows: ${known.join(', ')}.`;
  return code === 'unknown-element'
    ? `“${words}” names no part of this template. ${names}`
    : `“${words}” names more than one part. Begin with the one that is meant. ${names}`;
}
