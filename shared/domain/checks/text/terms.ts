import { type Assertion, assertionOf } from './assertion.ts';
import { type Sentence, sentencesOf, type Token } from './sentences.ts';

/** Something that a report finds, in the words that mean it. Longer words go before shorter ones: a joint effusion is no pleural one. */
export type Term = { readonly id: string; readonly words: readonly string[] };

const term = (id: string, words: string): Term => ({ id, words: words.split('|') });

/** What both findings and impression may speak of, so that the one can deny what the other says. */
export const findingTerms: readonly Term[] = [
  term('pneumothorax', 'pneumothorax|pneumothoraces|pneumothoraxes|ptx'),
  term('haemothorax', 'hemothorax|haemothorax|hemopneumothorax'),
  term('pericardial effusion', 'pericardial effusion|pericardial effusions'),
  term(
    'joint effusion',
    'joint effusion|knee effusion|elbow effusion|hip effusion|joint effusions|tibiotalar effusion',
  ),
  term('middle ear effusion', 'middle ear effusion|mastoid effusion|mastoid effusions'),
  term('pleural effusion', 'pleural effusion|pleural effusions|pleural fluid|effusion|effusions'),
  term('consolidation', 'consolidation|consolidations'),
  term('pneumonia', 'pneumonia|bronchopneumonia|pneumonias'),
  term('pulmonary oedema', 'pulmonary edema|pulmonary oedema|interstitial edema|alveolar edema'),
  term('atelectasis', 'atelectasis|atelectases'),
  term('cardiomegaly', 'cardiomegaly'),
  term('pneumoperitoneum', 'pneumoperitoneum|free air|free intraperitoneal air|free intraperitoneal gas|free gas'),
  term('pneumomediastinum', 'pneumomediastinum'),
  term('pulmonary embolism', 'pulmonary embolism|pulmonary embolus|pulmonary emboli|pulmonary thromboembolism'),
  term('dissection', 'aortic dissection|dissection'),
  term('aneurysm', 'aneurysm|aneurysms|pseudoaneurysm'),
  term('fracture', 'fracture|fractures'),
  term('dislocation', 'dislocation|subluxation'),
  term('haemorrhage', 'intracranial hemorrhage|intracranial haemorrhage|hemorrhage|haemorrhage|hemorrhages'),
  term('subdural haematoma', 'subdural hematoma|subdural haematoma|subdural hemorrhage|subdural haemorrhage'),
  term('midline shift', 'midline shift'),
  term('mass effect', 'mass effect'),
  term('infarct', 'infarct|infarction|infarcts'),
  term('hydrocephalus', 'hydrocephalus'),
  term('hydronephrosis', 'hydronephrosis|hydroureteronephrosis'),
  term('stone', 'calculus|calculi|nephrolithiasis|urolithiasis|renal stone|kidney stone|ureteral stone'),
  term('gallstones', 'gallstones|gallstone|cholelithiasis'),
  term('cholecystitis', 'cholecystitis'),
  term('biliary dilatation', 'biliary dilatation|biliary dilation|biliary ductal dilatation|biliary ductal dilation'),
  term('appendicitis', 'appendicitis'),
  term('diverticulitis', 'diverticulitis'),
  term('pancreatitis', 'pancreatitis'),
  term('bowel obstruction', 'bowel obstruction|small bowel obstruction|large bowel obstruction|obstruction'),
  term('abscess', 'abscess|abscesses'),
  term('ascites', 'ascites'),
  term('lymphadenopathy', 'lymphadenopathy|adenopathy'),
  term('deep vein thrombosis', 'deep vein thrombosis|deep venous thrombosis|dvt'),
  term('torsion', 'torsion'),
  term('cord compression', 'cord compression'),
  term('disc herniation', 'disc herniation|disk herniation|disc extrusion|disc protrusion'),
  term('stenosis', 'stenosis'),
  term('osteomyelitis', 'osteomyelitis'),
  term('hernia', 'hernia|hernias'),
  term('meniscal tear', 'meniscal tear|meniscus tear'),
];

export type Mention = {
  readonly term: Term;
  readonly sentence: Sentence;
  readonly assertion: Assertion;
  /** Tokens of the sentence. */
  readonly at: number;
  readonly end: number;
  /** Characters of the section. */
  readonly from: number;
  readonly to: number;
};

/** Rows of words by their first word, the longest first. */
function byFirst(terms: readonly Term[]): ReadonlyMap<string, readonly { term: Term; row: readonly string[] }[]> {
  const map = new Map<string, { term: Term; row: readonly string[] }[]>();
  for (const one of terms)
    for (const words of one.words) {
      const row = words.split(' ');
      const key = row[0] ?? '';
      map.set(key, [...(map.get(key) ?? []), { term: one, row }]);
    }
  for (const list of map.values()) list.sort((left, right) => right.row.length - left.row.length);
  return map;
}

export type TermFinder = (text: string) => readonly Mention[];

/** Finds every mention of the terms, each with what its sentence says of it. */
export function termFinder(terms: readonly Term[]): TermFinder {
  const map = byFirst(terms);
  const within = (sentence: Sentence): Mention[] => {
    const { tokens } = sentence;
    const found: Mention[] = [];
    for (let at = 0; at < tokens.length; at += 1) {
      const hit = map.get(tokens[at]?.text ?? '')?.find(({ row }) => matches(tokens, at, row));
      if (hit === undefined) continue;
      const end = at + hit.row.length;
      const assertion = assertionOf(sentence, at, end);
      found.push({
        term: hit.term,
        sentence,
        assertion,
        at,
        end,
        from: tokens[at]?.from ?? 0,
        to: tokens[end - 1]?.to ?? 0,
      });
      at = end - 1;
    }
    return found;
  };
  return (text) => sentencesOf(text).flatMap(within);
}

function matches(tokens: readonly Token[], at: number, row: readonly string[]): boolean {
  return row.every((word, step) => tokens[at + step]?.text === word);
}
