import { type CheckedSection, type CheckRule, type Found, placeOf, quoted, reads } from '../check.ts';
import { hasWords, sentencesOf } from '../text/sentences.ts';
import { type Term, termFinder } from '../text/terms.ts';

/** Level 1: within the hour, by voice · level 2: within the day. ACR Practice Parameter for Communication, II.B.2; no level is a rule of law. */
type CriticalTerm = Term & { readonly level: 1 | 2 };

const critical = (level: 1 | 2, id: string, words: string): CriticalTerm => ({ level, id, words: words.split('|') });

const criticalTerms: readonly CriticalTerm[] = [
  critical(1, 'pneumothorax', 'tension pneumothorax|pneumothorax|pneumothoraces'),
  critical(1, 'free air', 'pneumoperitoneum|free intraperitoneal air|free intraperitoneal gas|free air'),
  critical(1, 'pulmonary embolism', 'pulmonary embolism|pulmonary embolus|pulmonary emboli|saddle embolus'),
  critical(1, 'aortic dissection', 'aortic dissection|type a dissection|type b dissection|dissection flap'),
  critical(
    1,
    'aortic rupture',
    'aortic rupture|ruptured aneurysm|ruptured aortic aneurysm|contained rupture|ruptured abdominal aortic aneurysm|aortic transection',
  ),
  critical(
    1,
    'intracranial haemorrhage',
    'intracranial hemorrhage|intracranial haemorrhage|subdural hematoma|subdural haematoma|subdural hemorrhage|epidural hematoma|extradural haematoma|subarachnoid hemorrhage|subarachnoid haemorrhage|intraparenchymal hemorrhage|intracerebral hemorrhage|intracerebral haemorrhage|intraventricular hemorrhage',
  ),
  critical(
    1,
    'midline shift',
    'midline shift|uncal herniation|tonsillar herniation|subfalcine herniation|brain herniation|transtentorial herniation',
  ),
  critical(
    1,
    'acute stroke',
    'acute infarct|acute infarction|acute ischemic infarct|acute ischaemic infarct|large vessel occlusion|acute stroke|hyperdense mca',
  ),
  critical(1, 'cord compression', 'cord compression|cauda equina compression|epidural abscess'),
  critical(
    1,
    'unstable spine',
    'unstable fracture|facet dislocation|jumped facet|atlantooccipital dissociation|unstable spine',
  ),
  critical(1, 'torsion', 'testicular torsion|ovarian torsion|torsion of the testis|torsion of the ovary'),
  critical(1, 'ectopic pregnancy', 'ectopic pregnancy|ectopic gestation'),
  critical(
    1,
    'dead bowel',
    'bowel ischemia|ischemic bowel|mesenteric ischemia|pneumatosis|portal venous gas|midgut volvulus|cecal volvulus|sigmoid volvulus|closed loop obstruction',
  ),
  critical(
    1,
    'bleeding',
    'active extravasation|active bleeding|active hemorrhage|active haemorrhage|contrast extravasation',
  ),
  critical(
    1,
    'necrotising infection',
    'necrotizing fasciitis|necrotising fasciitis|fournier gangrene|emphysematous pyelonephritis',
  ),
  critical(
    1,
    'airway',
    'epiglottitis|airway compromise|retropharyngeal abscess|esophageal intubation|mainstem intubation|main stem intubation',
  ),
  critical(
    1,
    'tamponade',
    'cardiac tamponade|tamponade|solid organ laceration|splenic laceration|liver laceration|splenic rupture',
  ),
  critical(2, 'appendicitis', 'acute appendicitis|perforated appendicitis|ruptured appendicitis|appendicitis'),
  critical(2, 'deep vein thrombosis', 'deep vein thrombosis|deep venous thrombosis|acute dvt|venous sinus thrombosis'),
  critical(
    2,
    'obstructed and infected',
    'pyonephrosis|acute cholecystitis|ascending cholangitis|emphysematous cholecystitis',
  ),
  critical(2, 'broken hip', 'femoral neck fracture|intertrochanteric fracture|hip fracture'),
];

const finder = termFinder(criticalTerms);

/** How soon what stands there has to be told; the soonest where it is none of the terms. */
export function criticalLevelAt(text: string, from: number): 1 | 2 {
  const found = finder(text).find((mention) => mention.from === from);
  return criticalTerms.find(({ id }) => id === found?.term.id)?.level ?? 1;
}

/** The report itself says that somebody was told. */
function saysTold(sections: readonly CheckedSection[]): boolean {
  return sections
    .filter(({ code }) => code === '59776-5' || code === '19005-8' || code === 'addendum')
    .flatMap(({ text }) => sentencesOf(text))
    .some(
      ({ tokens }) =>
        hasWords(
          tokens,
          'discussed',
          'communicated',
          'telephoned',
          'phoned',
          'notified',
          'informed',
          'called to',
          'relayed',
          'read back',
          'conveyed',
          'reported to',
        ) && !hasWords(tokens, 'not discussed', 'will be', 'to be', 'history'),
    );
}

export const criticalWordsRule: CheckRule = {
  id: 'critical-words',
  title: 'A critical finding has its critical result',
  severity: 'ask',
  why: 'Words that somebody has to be phoned about, and nothing on record that anybody was (Joint Commission NPSG.02.03.01; ACR Practice Parameter for Communication, II.B.2).',
  find: (facts) => {
    if (facts.criticalBegun === true || saysTold(facts.sections)) return [];
    const named = new Set<string>();
    return [...reads(facts)]
      .reverse()
      .flatMap((section) => finder(section.text).map((mention) => ({ section, mention })))
      .flatMap(({ section, mention }): Found[] => {
        if (mention.assertion !== 'affirmed' || named.has(mention.term.id)) return [];
        named.add(mention.term.id);
        const level = criticalTerms.find(({ id }) => id === mention.term.id)?.level ?? 1;
        return [
          {
            words: `${quoted(section.text, mention.from, mention.to)} is critical (level ${level}), and no critical result was begun.`,
            at: placeOf(section, mention.from, mention.to),
          },
        ];
      });
  },
};
