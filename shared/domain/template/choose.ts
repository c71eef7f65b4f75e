import { modalityGroup, readExamWords } from '../order/index.ts';
import type { LevelledTemplate, TemplateFacts, TemplateLevel } from './template.ts';

/** A template and why it stands where it does. `fits`: it is meant for this exam; others can be chosen by hand. */
export type RankedTemplate = LevelledTemplate & {
  readonly fits: boolean;
  readonly weight: number;
  /** "CT of head, the words “without contrast”"; of one that does not fit, what speaks against it. */
  readonly reason: string;
};

const levels: readonly TemplateLevel[] = ['user', 'site', 'group', 'shipped'];
const levelWords: Readonly<Record<TemplateLevel, string>> = {
  user: 'your own',
  site: 'the site’s',
  group: 'the group’s',
  shipped: '',
};

/** Whole words, whatever their case and what stands between them. */
function plain(text: string): string {
  return ` ${text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}+]+/gu, ' ')
    .trim()} `;
}

function foundWords(wanted: readonly string[], texts: string): string | undefined {
  return wanted.find((one) => plain(one).trim() !== '' && texts.includes(plain(one)));
}

type Traits = {
  readonly facts: TemplateFacts;
  readonly modalities: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  readonly views: number | null;
  readonly procedure: string;
  readonly reason: string;
};

/** What of an exam templates are found by, read once. */
function traitsOf(facts: TemplateFacts): Traits {
  const name = readExamWords(facts.procedure);
  const part = readExamWords(facts.bodyPart);
  const codes = facts.modalities.filter((one) => one !== '');
  return {
    facts,
    modalities: new Set(codes.length > 0 ? codes.map((one) => modalityGroup(one) ?? one) : name.modalities),
    // The name is closer to what was asked for than the one word of Body Part Examined.
    regions: name.regions.size > 0 ? name.regions : part.regions,
    views: name.views,
    procedure: plain(facts.procedure),
    reason: plain(facts.reason),
  };
}

type Fit = { readonly weight: number; readonly by: readonly string[] } | { readonly against: string };

/** How well a template fits, and by what. A code weighs more than words, words more than places. */
function fitOf({ template }: LevelledTemplate, traits: Traits): Fit {
  const { appliesTo } = template;
  const { facts } = traits;
  const by: string[] = [];
  let weight = 0;

  const { sex, minimumAge, maximumAge } = appliesTo;
  if (sex !== null && facts.sex !== sex)
    return {
      against: `only for ${sex === 'F' ? 'female' : 'male'} patients${facts.sex === null ? ', and the sex is not known' : ''}`,
    };
  if (minimumAge !== null && (facts.age === null || facts.age < minimumAge))
    return { against: `only from ${minimumAge} years${facts.age === null ? ', and the age is not known' : ''}` };
  if (maximumAge !== null && (facts.age === null || facts.age > maximumAge))
    return { against: `only up to ${maximumAge} years${facts.age === null ? ', and the age is not known' : ''}` };

  const wantedModalities = appliesTo.modalities.map((one) => modalityGroup(one) ?? one);
  if (wantedModalities.length > 0 && traits.modalities.size > 0) {
    const found = appliesTo.modalities.find((_, at) => traits.modalities.has(wantedModalities[at] ?? ''));
    if (found === undefined) return { against: `for ${appliesTo.modalities.join(' or ')}` };
    weight += 10;
    by.push(found);
  }

  const code = appliesTo.procedureCodes.find((one) => facts.procedureCodes.includes(one));
  if (code !== undefined) {
    weight += 100;
    by.push(`procedure ${code}`);
  }

  const word = foundWords(appliesTo.procedureWords, traits.procedure);
  const common = appliesTo.bodyParts.filter((one) => traits.regions.has(one));
  if (appliesTo.bodyParts.length > 0) {
    // An exam that names no place that is known is told by its code, or by a word of its name.
    const told = code !== undefined || (word !== undefined && traits.regions.size === 0);
    if (common.length === 0 && !told) return { against: `for ${appliesTo.bodyParts.join(', ')}` };
    weight += 20 * common.length - 5 * (appliesTo.bodyParts.length - common.length);
    if (common.length > 0) by.push(common.join(', '));
  }
  // Places of the exam of which the template does not speak.
  weight -= 5 * [...traits.regions].filter((one) => !(appliesTo.bodyParts as readonly string[]).includes(one)).length;

  const refused = foundWords(appliesTo.notProcedureWords, traits.procedure);
  if (refused !== undefined && code === undefined) return { against: `not for exams named “${refused}”` };
  const reason = foundWords(appliesTo.reasonWords, traits.reason);
  if (word !== undefined) {
    weight += 40;
    by.push(`“${word}” in its name`);
  } else if (reason !== undefined) {
    weight += 25;
    by.push(`“${reason}” in the reason`);
  } else if (appliesTo.procedureWords.length + appliesTo.reasonWords.length > 0 && code === undefined) {
    const [first] = [...appliesTo.procedureWords, ...appliesTo.reasonWords];
    return { against: `for exams named “${first}”` };
  }

  if (appliesTo.views !== null && traits.views !== null) {
    const same = appliesTo.views === 1 ? traits.views === 1 : traits.views >= appliesTo.views;
    if (!same) return { against: appliesTo.views === 1 ? 'for one view' : `for ${appliesTo.views} views or more` };
    weight += 15;
    by.push(traits.views === 1 ? 'one view' : `${traits.views} views`);
  }
  if (sex !== null) by.push(sex === 'F' ? 'female' : 'male');
  if (minimumAge !== null || maximumAge !== null) by.push(`age ${facts.age}`);
  // Nothing but sex and age, or nothing at all, is no reason to offer it.
  return weight <= 0 || by.length === 0 ? { against: 'it does not say for which exams it is' } : { weight, by };
}

/**
 * All templates, the best first: those that fit by weight, with the reader's own before the site's, the group's and those that came with
 * the program where they weigh the same; then the others by title. A template of the reader's own that fits stands before any other:
 * she made it for this.
 */
export function rankTemplates(templates: readonly LevelledTemplate[], facts: TemplateFacts): readonly RankedTemplate[] {
  const traits = traitsOf(facts);
  return templates
    .map((one): RankedTemplate => {
      const fit = fitOf(one, traits);
      if ('against' in fit) return { ...one, fits: false, weight: 0, reason: fit.against };
      const whose = levelWords[one.level];
      return {
        ...one,
        fits: true,
        weight: fit.weight,
        reason: [...(whose === '' ? [] : [whose]), ...fit.by].join(', '),
      };
    })
    .toSorted(
      (left, right) =>
        Number(right.fits) - Number(left.fits) ||
        (left.fits && right.fits ? levels.indexOf(left.level) - levels.indexOf(right.level) : 0) ||
        right.weight - left.weight ||
        compare(left.template.title, right.template.title) ||
        compare(left.template.id, right.template.id),
    );
}

/** Those whose title, description or id has every word that was typed, in the order in which they stand. */
export function searchTemplates<One extends LevelledTemplate>(
  templates: readonly One[],
  typed: string,
): readonly One[] {
  const words = plain(typed)
    .trim()
    .split(' ')
    .filter((one) => one !== '');
  return templates.filter(({ template }) => {
    const text = plain(`${template.title} ${template.description} ${template.id}`);
    return words.every((one) => text.includes(` ${one}`));
  });
}

/** The template that a spoken or typed name means: its exact title or id, else the first that has all the words. */
export function templateNamed<One extends LevelledTemplate>(templates: readonly One[], name: string): One | null {
  const wanted = plain(name);
  const exact = templates.find(({ template }) => plain(template.title) === wanted || plain(template.id) === wanted);
  return exact ?? searchTemplates(templates, name)[0] ?? null;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
