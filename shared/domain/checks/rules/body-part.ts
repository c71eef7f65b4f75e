import { type Region, readExamWords, relateRegions } from '../../order/index.ts';
import { type CheckRule, type Found, placeOf, quoted } from '../check.ts';
import { hasWords, indexOfWords, sentencesOf } from '../text/sentences.ts';

/** Words that can be meant of one place alone. Words that several places share ("ventricle", "cervical", "head") are left out. */
const places: readonly (readonly [readonly Region[], string])[] = [
  [
    ['head'],
    'intracranial|basal ganglia|gray white|grey white|cerebellum|cerebellar|cerebral sulci|gyri|corpus callosum|brainstem|extra axial|white matter|parietal lobe|occipital lobe|temporal lobe|frontal lobe|middle cerebral artery|calvarium|sella turcica',
  ],
  [['face'], 'paranasal sinuses|maxillary sinus|ethmoid|zygomatic arch|nasal septum|orbital floor|globes'],
  [['lumbar spine'], 'cauda equina|conus medullaris|l4 - l5|l5 - s1|l3 - l4'],
  [
    ['abdomen'],
    'hydronephrosis|appendix|appendiceal|common bile duct|pancreatic duct|portal vein|gallbladder wall|renal collecting system',
  ],
  [
    ['pelvis'],
    'uterus|ovary|ovaries|endometrium|prostate|seminal vesicles|adnexa|urinary bladder|testis|testicle|scrotum|intrauterine|gestational sac',
  ],
  [['shoulder'], 'rotator cuff|supraspinatus|infraspinatus|subscapularis|glenoid labrum|biceps tendon'],
  [['elbow'], 'olecranon|radial head|capitellum|coronoid process of the ulna'],
  [['wrist'], 'scaphoid|lunate|scapholunate|distal radius|ulnar styloid|carpal tunnel'],
  [['hand'], 'metacarpal|metacarpals|metacarpophalangeal'],
  [['hip'], 'femoral head|femoral neck|acetabulum|acetabular labrum|intertrochanteric'],
  [
    ['knee'],
    'meniscus|menisci|meniscal|cruciate ligament|cruciate ligaments|anterior cruciate|posterior cruciate|patella|patellar|tibial plateau|femoral condyle|suprapatellar|quadriceps tendon',
  ],
  [['ankle'], 'talar dome|lateral malleolus|medial malleolus|tibiotalar|talofibular|ankle mortise|syndesmosis'],
  [['foot'], 'metatarsal|metatarsals|calcaneus|plantar fascia|lisfranc|metatarsophalangeal'],
  [
    ['chest'],
    'hilar adenopathy|pleural effusion|pneumothorax|lung nodule|pulmonary nodule|mediastinal contour|cardiac silhouette|cardiomediastinal silhouette',
  ],
];
const table = places.flatMap(([regions, words]) =>
  words.split('|').map((word) => ({ regions: new Set(regions), row: word.split(' ') })),
);

/** The sentence is not of these images: something to be done, done elsewhere, done before, or an illness of another place. */
const elsewhere = [
  'recommend',
  'recommended',
  'recommendation',
  'consider',
  'history',
  'status post',
  's / p',
  'previous',
  'prior',
  'compared',
  'comparison',
  'outside',
  'known',
  'cancer',
  'carcinoma',
  'metastatic',
  'metastasis',
  'metastases',
  'primary',
  'surgery',
  'surgical',
  'surgically',
  'ct',
  'mri',
  'mr',
  'ultrasound',
  'radiographs',
  'dedicated',
  'evaluate',
  'evaluation',
  'correlate',
  'discussed',
  'not imaged',
  'not included',
  'partially',
  'included',
  'visualized portions',
  'excluded',
];

/** Exams that show more than their name: a chest has upper abdomen, shoulders and spine on it; a spine or pelvis the abdomen. */
const alsoShown: Partial<Readonly<Record<Region, readonly Region[]>>> = {
  chest: ['abdomen', 'shoulder', 'thoracic spine', 'neck', 'upper arm', 'lumbar spine'],
  abdomen: ['chest', 'pelvis', 'lumbar spine', 'hip', 'thoracic spine'],
  pelvis: ['abdomen', 'hip', 'lumbar spine', 'thigh'],
  neck: ['head', 'face', 'chest', 'cervical spine', 'shoulder'],
  head: ['face', 'neck', 'cervical spine'],
  face: ['head', 'neck', 'cervical spine'],
  'cervical spine': ['head', 'neck', 'chest', 'shoulder', 'face'],
  'thoracic spine': ['chest', 'abdomen', 'shoulder'],
  'lumbar spine': ['abdomen', 'pelvis', 'hip'],
  breast: ['chest', 'shoulder', 'abdomen'],
  hip: ['pelvis', 'thigh', 'lumbar spine'],
  shoulder: ['chest', 'upper arm', 'neck'],
};

export const bodyPartRule: CheckRule = {
  id: 'body-part',
  title: 'The words are of a place that the exam shows',
  severity: 'ask',
  why: 'A structure that these images cannot show comes from another exam’s report or template. Body Part Examined (0018,0015), PS3.3 C.7.3.1.',
  find: (facts) => {
    const named = new Set(facts.exams.flatMap(({ names }) => [...readExamWords(names.join(' ')).regions]));
    if (named.size === 0 || named.has('whole body')) return [];
    const also = new Set([...named].flatMap((one) => alsoShown[one] ?? []));
    const isShown = (regions: ReadonlySet<Region>): boolean =>
      relateRegions(named, regions) !== 'other' || [...regions].some((one) => also.has(one));
    return facts.sections.flatMap((section): Found[] => {
      // Clinical information and comparison are of the patient, not of these images.
      if (section.code === '55752-0' || section.code === '18834-2') return [];
      return sentencesOf(section.text).flatMap(({ tokens }): Found[] => {
        if (hasWords(tokens, ...elsewhere)) return [];
        for (const { regions, row } of table) {
          const at = indexOfWords(tokens, row);
          if (at < 0 || isShown(regions)) continue;
          const from = tokens[at]?.from ?? 0;
          const to = tokens[at + row.length - 1]?.to ?? 0;
          const exam = facts.exams[0]?.names[0] ?? 'this exam';
          return [{ words: `${quoted(section.text, from, to)} is not on ${exam}.`, at: placeOf(section, from, to) }];
        }
        return [];
      });
    });
  },
};
