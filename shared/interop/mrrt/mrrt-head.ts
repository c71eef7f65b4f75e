import { bodyRegions, modalityGroup, type Region, readExamWords } from '../../domain/order/index.ts';
import type { AppliesTo, TemplateOrigin, TemplateTerm } from '../../domain/template/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { cleanWords, type MarkupEvent, type ReadMarkup } from './markup.ts';

export type MrrtHead = {
  readonly title: string;
  readonly description: string;
  readonly language: string;
  readonly origin: TemplateOrigin;
  readonly appliesTo: AppliesTo;
  /** What was written by Overread itself, as JSON; null in files of others. */
  readonly own: string | null;
  readonly remarks: readonly string[];
};

export const ownMeta = 'overread.template';

type Metas = ReadonlyMap<string, readonly string[]>;

/** Text of the first element of that name; null without one. */
function textOf(events: readonly MarkupEvent[], name: string): string | null {
  const at = events.findIndex((one) => one.kind === 'open' && one.name === name);
  if (at === -1) return null;
  const next = events[at + 1];
  return next?.kind === 'text' ? cleanWords(next.text).trim() : '';
}

function metasOf(events: readonly MarkupEvent[]): Metas {
  const metas = new Map<string, string[]>();
  for (const one of events) {
    if (one.kind !== 'open' || one.name !== 'meta') continue;
    const name = (one.attributes.name ?? '').trim().toLowerCase();
    if (name !== '') metas.set(name, [...(metas.get(name) ?? []), one.attributes.content ?? '']);
  }
  return metas;
}

function countOf(events: readonly MarkupEvent[], name: string): number {
  return events.filter((one) => one.kind === 'open' && one.name === name).length;
}

/** Scripts of the form MRRT keeps its attributes in; published ones have a comment around them, or a second script element inside. */
function attributeScripts(events: readonly MarkupEvent[]): readonly string[] {
  return events.flatMap((one, at) => {
    if (one.kind !== 'open' || one.name !== 'script' || !/xml/i.test(one.attributes.type ?? '')) return [];
    const next = events[at + 1];
    return [next?.kind === 'text' ? next.text.replace(/<!--|-->|<\/?script[^<>]{0,200}>/g, '') : ''];
  });
}

/** Terms of the template itself; those of single entries are counted and not kept. */
function termsOf(
  events: readonly MarkupEvent[],
): Result<{ readonly terms: readonly TemplateTerm[]; readonly others: number }, string> {
  const terms: TemplateTerm[] = [];
  let others = 0;
  let entry = 0;
  let type = '';
  let codes = 0;
  for (const one of events) {
    if (one.kind === 'text') continue;
    if (one.name === 'coded_content' || one.name === 'entry') entry += one.kind === 'open' ? 1 : -1;
    if (one.name === 'term') {
      codes = 0;
      type = one.kind === 'open' ? cleanWords(one.attributes.type ?? '').trim() : '';
    }
    if (one.name !== 'code' || one.kind !== 'open') continue;
    codes += 1;
    if (entry > 0) {
      others += 1;
      continue;
    }
    const { meaning, value, scheme } = one.attributes;
    if (codes > 1) return err('A term of its attributes has more than one code.');
    if (meaning === undefined || value === undefined || scheme === undefined)
      return err('A code of its attributes lacks meaning, value or scheme.');
    if (terms.length < 100)
      terms.push({
        type: type.slice(0, 200),
        scheme: cleanWords(scheme).trim().slice(0, 200),
        code: cleanWords(value).trim().slice(0, 200),
        meaning: cleanWords(meaning).trim().slice(0, 200),
      });
  }
  return ok({ terms, others });
}

/** German words of places and machines that readExamWords does not know. */
const german: readonly (readonly [RegExp, string])[] = [
  [/\bMRT\b/gi, 'MRI'],
  [/\b(?:SONO\w*|ULTRASCHALL)\b/gi, 'US'],
  [/\bR(?:Ö|OE)NTGEN\b/gi, 'XR'],
  [/SCH(?:Ä|AE)DEL|KOPF|HIRN/gi, ' head '],
  [/\bKNIE\w*/gi, 'knee'],
  [/\bBECKEN\b/gi, 'pelvis'],
  [/\bH(?:Ü|UE)FT\w*/gi, 'hip'],
  [/LUNGEN?\w*/gi, ' lung '],
  [/\bLEBER\b/gi, 'liver'],
  [/PANKREAS\w*/gi, ' pancreas '],
  [/\bHERZ\w*/gi, 'heart'],
  [/UROLITHIASIS/gi, ' kidney '],
];

/** For which exams a template says that it is, in whatever words it says so. */
function appliesToOf(texts: readonly string[], modality: readonly string[]): AppliesTo {
  const words = german.reduce((text, [from, to]) => text.replace(from, to), texts.join(' · '));
  // Read piece by piece: a long description is not read to its end.
  const pieces = words.split(' · ').map((one) => readExamWords(one));
  const regions = new Set<Region>(pieces.flatMap((one) => [...one.regions]));
  const named = modality.flatMap((one) => one.split(/[;,/ ]+/)).flatMap((one) => modalityGroup(one) ?? []);
  const modalities = named.length > 0 ? named : pieces.flatMap((one) => [...one.modalities]);
  return {
    procedureCodes: [],
    procedureWords: [],
    reasonWords: [],
    notProcedureWords: [],
    modalities: [...new Set(modalities.map((one) => (one === 'XR' ? 'DX' : one)))].sort(),
    bodyParts: bodyRegions.filter((one) => regions.has(one)),
    views: null,
    sex: null,
    minimumAge: null,
    maximumAge: null,
  };
}

/** What a template says of itself, or why it is none: IHE RAD MRRT 8 (HTML5 with Dublin Core terms and template attributes). */
export function readMrrtHead(events: readonly MarkupEvent[], read: ReadMarkup): Result<MrrtHead, string> {
  if (countOf(events, 'html') !== 1) return err('It has no html element, or more than one: it is no HTML page.');
  if (countOf(events, 'head') !== 1)
    return err('It must have one head element; MRRT keeps there what the template is.');
  if (countOf(events, 'body') !== 1) return err('It has no body element, or more than one: there are no sections.');
  const title = textOf(events, 'title');
  if (title === null || title === '') return err('It has no title element.');
  const charsets = events.filter((one) => one.kind === 'open' && one.name === 'meta' && 'charset' in one.attributes);
  if (charsets.length > 1) return err('More than one meta element names a character set.');
  const metas = metasOf(events);
  const first = (name: string, most = 2_000): string =>
    cleanWords(metas.get(name)?.[0] ?? '')
      .trim()
      .slice(0, most);
  if (![...metas.keys()].some((one) => one.startsWith('dcterms.')))
    return err('It has no dcterms metadata (Dublin Core): who made it, when, and under which licence is not said.');
  const remarks: string[] = [];
  const scripts = attributeScripts(events);
  const parsed: MarkupEvent[] = [];
  let withAttributes = 0;
  for (const script of scripts) {
    const found = read(script);
    if (!found.ok) return err(found.error.reason);
    const count = countOf(found.value, 'template_attributes');
    if (count > 1) return err('One script element has more than one template_attributes element.');
    withAttributes += count;
    for (const one of found.value) parsed.push(one);
  }
  const rrt = ['rrt:modality', 'rrt:bodyregion'].map((one) => first(one));
  if (withAttributes === 0 && rrt.every((one) => one === ''))
    return err('It has no template_attributes in a script of type text/xml, and no rrt: metadata in their place.');
  if (withAttributes > 1) remarks.push('Its template attributes stand in two scripts; both were read.');
  const terms = termsOf(parsed);
  if (!terms.ok) return terms;
  if (terms.value.others > 0)
    remarks.push(`${terms.value.others} codes of single entries are not kept: reports here carry words.`);
  const language = first('dcterms.language', 40);
  const named = first('dcterms.title', 200);
  return ok({
    title: named === '' ? title.slice(0, 200) : named,
    description: first('dcterms.description'),
    language: /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language) ? language : 'en',
    origin: {
      identifier: first('dcterms.identifier'),
      publisher: first('dcterms.publisher'),
      creator: first('dcterms.creator'),
      date: first('dcterms.date'),
      rights: first('dcterms.rights'),
      license: first('dcterms.license'),
      terms: terms.value.terms,
    },
    appliesTo: appliesToOf(
      [named, rrt[1] ?? '', ...terms.value.terms.map((one) => one.meaning)],
      [rrt[0] ?? '', first('dcterms.subject')],
    ),
    own: metas.get(ownMeta)?.[0] ?? null,
    remarks,
  });
}
