/** What the benchmark of dictation speaks: none of it is in the language model (test/bench/dictation-sentences.test.ts). */
export const testSentences: readonly string[] = [
  'the lungs are clear without focal consolidation or pneumothorax',
  'there is a small left pleural effusion with adjacent atelectasis',
  'a five millimeter nonobstructing calculus is seen in the lower pole of the right kidney',
  'there is no acute intracranial hemorrhage mass effect or midline shift',
  'at l four l five there is a broad based disc bulge with mild central canal stenosis',
  'the appendix is dilated measuring eleven millimeters with surrounding fat stranding',
  'the gallbladder is normal without gallstones or wall thickening',
  'there is a nondisplaced fracture of the distal radius with soft tissue swelling',
  'the ascending aorta measures three point eight centimeters and is unchanged',
  'no filling defect is seen to suggest pulmonary embolism',
  'the liver is enlarged with moderate hepatic steatosis',
  'there is a three point two by two point one centimeter mass in the left upper lobe',
  'the endotracheal tube ends four centimeters above the carina',
  'the anterior cruciate ligament is torn and the menisci are intact',
  'mild degenerative changes of the cervical spine are most pronounced at c five c six',
  'there is no deep venous thrombosis in the right lower extremity',
];

/** Commands as they are spoken, each alone. */
export const testCommands: readonly string[] = [
  ...['next field', 'previous field', 'scratch that', 'next series', 'previous series', 'next prior'],
  ...['insert measurement', 'mark key image', 'sign report', 'window lung', 'window bone'],
];

/** Ordinary words in which those of commands stand. */
export const commandTraps: readonly string[] = [
  'the patient will sign the report in the next field of view',
  'the next series of images is limited by motion',
  'no change since the previous study',
  'the key image was marked for measurement',
  'follow up with the next prior examination is recommended',
  'there is a window of normal lung in the left base',
];

/** Sentences with words that the vocabulary lacks, each with what order and priors of its case say. */
export const caseSentences: readonly { readonly texts: readonly string[]; readonly sentence: string }[] = [
  {
    texts: ['CT abdomen and pelvis with contrast', 'Known cirrhosis, follow-up of varices.'],
    sentence: 'there is cirrhosis of the liver with ascites',
  },
  {
    texts: ['CT abdomen', 'Splenic artery aneurysm on the prior study.'],
    sentence: 'there is a small aneurysm of the splenic artery',
  },
  {
    texts: ['CT chest', 'Sarcoidosis. Biopsy of hilar nodes.'],
    sentence: 'the lymph nodes are enlarged in sarcoidosis',
  },
  { texts: ['MR brain', 'Lymphoma, headache.'], sentence: 'no evidence of lymphoma in the brain' },
  { texts: ['CT chest', 'Asbestos exposure, emphysema.'], sentence: 'there is severe emphysema in both lungs' },
  { texts: ['US renal', 'Transplant kidney.'], sentence: 'the transplant kidney is normal' },
];
