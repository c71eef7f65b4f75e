/** Parts of the body as recommendations name them, and the words that mean each. */
const parts = {
  chest: 'chest|thorax|thoracic|lung|lungs|pulmonary|cxr|mediastinum',
  abdomen: 'abdomen|abdominal|liver|hepatic|pancreas|pancreatic|spleen|adrenal|biliary|mrcp|kub|gallbladder',
  kidneys: 'kidney|kidneys|renal|urinary tract|ureter|urogram',
  pelvis: 'pelvis|pelvic|uterus|ovary|ovaries|ovarian|adnexa|adnexal|prostate|bladder|transvaginal',
  head: 'head|brain|skull|intracranial|cranial|pituitary|sinuses|orbits|facial',
  neck: 'neck|thyroid|carotid|carotids',
  'cervical spine': 'cervical spine|cervical|c spine',
  'thoracic spine': 'thoracic spine|t spine',
  'lumbar spine': 'lumbar spine|lumbar|l spine|lumbosacral',
  spine: 'spine|spinal',
  breast: 'breast|breasts|mammogram|mammography|mammographic|tomosynthesis',
  heart: 'heart|cardiac|coronary|aortic root',
  aorta: 'aorta|aortic|aneurysm',
  scrotum: 'scrotum|scrotal|testicular|testis|testes',
  shoulder: 'shoulder|clavicle',
  elbow: 'elbow|forearm|humerus',
  hand: 'hand|wrist|finger|scaphoid|thumb',
  hip: 'hip|hips',
  femur: 'femur|thigh',
  knee: 'knee|knees',
  leg: 'tibia|fibula|lower leg|leg',
  ankle: 'ankle',
  foot: 'foot|toe|calcaneus|heel',
} as const;

export type BodyPart = keyof typeof parts;
export const bodyParts = Object.keys(parts) as readonly BodyPart[];

/** Words in rows, the longest first: "cervical spine" goes before "spine". */
const rows: readonly { readonly part: BodyPart; readonly row: readonly string[] }[] = bodyParts
  .flatMap((part) => parts[part].split('|').map((words) => ({ part, row: words.split(' ') })))
  .sort((one, other) => other.row.length - one.row.length);

/** The parts of the body that a row of words (lower case) names, in its order. */
export function bodyPartsIn(words: readonly string[]): readonly BodyPart[] {
  const found: { readonly part: BodyPart; readonly at: number }[] = [];
  const taken = new Set<number>();
  for (const { part, row } of rows)
    for (let at = 0; at + row.length <= words.length; at += 1) {
      if (!row.every((word, step) => words[at + step] === word && !taken.has(at + step))) continue;
      for (let step = 0; step < row.length; step += 1) taken.add(at + step);
      found.push({ part, at });
    }
  return [...new Set(found.sort((one, other) => one.at - other.at).map(({ part }) => part))];
}

/** Kinds of words of which one does for the other: who images the abdomen has the kidneys. */
const within: { readonly [part in BodyPart]?: readonly BodyPart[] } = {
  kidneys: ['abdomen'],
  aorta: ['chest', 'abdomen'],
  heart: ['chest'],
  spine: ['cervical spine', 'thoracic spine', 'lumbar spine'],
  hip: ['pelvis'],
};

/** Whether an exam of these words shows that part. */
export function showsBodyPart(part: BodyPart, examWords: string): boolean {
  const shown = bodyPartsIn(
    examWords
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word !== ''),
  );
  return shown.includes(part) || (within[part] ?? []).some((wider) => shown.includes(wider));
}
