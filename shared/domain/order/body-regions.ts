/** Parts of the body, coarse enough that a site's word and a machine's word for one place meet. */
export const bodyRegions = [
  'head',
  'face',
  'neck',
  'cervical spine',
  'thoracic spine',
  'lumbar spine',
  'chest',
  'breast',
  'abdomen',
  'pelvis',
  'shoulder',
  'upper arm',
  'elbow',
  'forearm',
  'wrist',
  'hand',
  'hip',
  'thigh',
  'knee',
  'lower leg',
  'ankle',
  'foot',
  'whole body',
] as const;
export type Region = (typeof bodyRegions)[number];

const upperLimb: readonly Region[] = ['shoulder', 'upper arm', 'elbow', 'forearm', 'wrist', 'hand'];
const lowerLimb: readonly Region[] = ['hip', 'thigh', 'knee', 'lower leg', 'ankle', 'foot'];
/** Parts that are imaged one side at a time. */
export const oneSidedRegions: readonly Region[] = [...upperLimb, ...lowerLimb, 'breast'];
const spine: readonly Region[] = ['cervical spine', 'thoracic spine', 'lumbar spine'];

/** Words of orders and defined terms of Body Part Examined (0018,0015; PS3.16 Annex L) by what they mean. */
const words = new Map<string, readonly Region[]>();
const add = (regions: readonly Region[], list: string): void => {
  for (const word of list.split(' ')) words.set(word, regions);
};
add(
  ['head'],
  'HEAD BRAIN SKULL CRANIUM CRANIAL CEREBRAL INTRACRANIAL PITUITARY SELLA IAC IACS EAR EARS MASTOID STROKE',
);
add(
  ['face'],
  'FACE FACIAL MAXILLOFACIAL ORBIT ORBITS EYE EYES SINUS SINUSES MANDIBLE MAXILLA TMJ JAW NOSE NASAL ZYGOMA TEETH',
);
add(['neck'], 'NECK THYROID LARYNX PAROTID PHARYNX CAROTID CAROTIDS TRACHEA');
add(['head', 'neck'], 'HEADNECK');
add(['cervical spine'], 'CSPINE CERVICAL');
add(['thoracic spine'], 'TSPINE DORSAL');
add(['lumbar spine'], 'LSPINE LUMBAR LUMBOSACRAL LSSPINE');
add(['lumbar spine', 'pelvis'], 'SACRUM SACRAL COCCYX SACROILIAC SSPINE');
add(['cervical spine', 'thoracic spine'], 'CTSPINE');
add(['thoracic spine', 'lumbar spine'], 'TLSPINE THORACOLUMBAR');
add(spine, 'CTLSPINE SPINE SCOLIOSIS');
add(
  ['chest'],
  'CHEST THORAX LUNG LUNGS PULMONARY PULM RIB RIBS STERNUM HEART CARDIAC CORONARY MEDIASTINUM CXR CTPA ESOPHAGUS',
);
add(['chest', 'shoulder'], 'CLAVICLE SCAPULA STERNOCLAVICULAR');
add(['chest', 'abdomen'], 'AORTA AORTIC CHESTABDOMEN');
add(['chest', 'abdomen', 'pelvis'], 'CAP CHESTABDPELVIS CHESTABDOMENPELVIS CHABDPELV');
add(['breast', 'chest'], 'BREAST BREASTS MAMMOGRAM MAMMOGRAMS MAMMOGRAPHY MAMMO AXILLA');
add(
  ['abdomen'],
  'ABDOMEN ABDOMINAL ABD LIVER HEPATIC GALLBLADDER BILIARY PANCREAS SPLEEN KIDNEY KIDNEYS RENAL ADRENAL ADRENALS MRCP RUQ AXR STOMACH BOWEL RETROPERITONEUM ENTEROGRAPHY',
);
add(['abdomen', 'pelvis'], 'ABDOMENPELVIS ABDPELVIS ABDOPELVIS KUB UROGRAM UROGRAPHY COLON ILIAC');
add(
  ['pelvis'],
  'PELVIS PELVIC UTERUS OVARY OVARIES PROSTATE TRANSVAGINAL BLADDER RECTUM SCROTUM TESTIS TESTES TESTICULAR OB OBSTETRIC FETAL',
);
add(['hip', 'pelvis'], 'HIP HIPS');
add(['shoulder'], 'SHOULDER SHOULDERS');
add(['upper arm'], 'HUMERUS');
add(['upper arm', 'elbow', 'forearm'], 'ARM ARMS');
add(['elbow'], 'ELBOW ELBOWS');
add(['forearm'], 'FOREARM RADIUS ULNA');
add(['wrist'], 'WRIST WRISTS SCAPHOID CARPAL');
add(['hand'], 'HAND HANDS FINGER FINGERS THUMB METACARPAL');
add(['thigh'], 'FEMUR THIGH FEMORAL');
add(['knee'], 'KNEE KNEES PATELLA');
add(['lower leg'], 'TIBIA FIBULA TIBFIB CALF');
add(['thigh', 'knee', 'lower leg'], 'LEG LEGS');
add(['ankle'], 'ANKLE ANKLES');
add(['foot'], 'FOOT FEET TOE TOES HEEL CALCANEUS METATARSAL');
add(['whole body'], 'WHOLEBODY BODYWHOLE SKELETAL SKELETON');
add(upperLimb, 'UPPERLIMB');
add(lowerLimb, 'LOWERLIMB');

/** What one word of an exam's name says of the place, with the words beside it. */
export function regionsOfToken(token: string, before: string, next: string): readonly Region[] {
  if (next === 'SPINE') {
    if (token === 'C') return ['cervical spine'];
    if (token === 'T') return ['thoracic spine'];
    if (token === 'L' || token === 'LS') return ['lumbar spine'];
  }
  if (token === 'THORACIC') return next === 'SPINE' ? ['thoracic spine'] : ['chest'];
  // "Lumbar spine" is not the whole spine.
  if (token === 'SPINE')
    return /^(C|T|L|LS|CERVICAL|THORACIC|LUMBAR|LUMBOSACRAL|DORSAL|THORACOLUMBAR)$/.test(before) ? [] : spine;
  if (token === 'BODY') return before === 'WHOLE' ? ['whole body'] : [];
  if (token === 'BONE') return next === 'SCAN' ? ['whole body'] : [];
  if (/^EXTREMIT/.test(token))
    return before === 'UPPER' ? upperLimb : before === 'LOWER' ? lowerLimb : [...upperLimb, ...lowerLimb];
  return words.get(token) ?? [];
}

/** Neighbours: a scan of one runs into the other, and machines write the one for the other. */
const neighbours = new Set([
  'head face',
  'head neck',
  'face neck',
  'head cervical spine',
  'neck cervical spine',
  'neck chest',
  'cervical spine thoracic spine',
  'thoracic spine lumbar spine',
  'thoracic spine chest',
  'lumbar spine abdomen',
  'lumbar spine pelvis',
  'chest breast',
  'chest abdomen',
  'chest shoulder',
  'abdomen pelvis',
  'pelvis hip',
  'shoulder upper arm',
  'upper arm elbow',
  'elbow forearm',
  'forearm wrist',
  'wrist hand',
  'hip thigh',
  'thigh knee',
  'knee lower leg',
  'lower leg ankle',
  'ankle foot',
]);

/** same: at least one place in common · near: neighbours only · other: nothing in common · null: one of them names no place. */
export function relateRegions(left: ReadonlySet<Region>, right: ReadonlySet<Region>): 'same' | 'near' | 'other' | null {
  if (left.size === 0 || right.size === 0) return null;
  if (left.has('whole body') || right.has('whole body')) return 'same';
  let near = false;
  for (const one of left) {
    for (const other of right) {
      if (one === other) return 'same';
      near ||= neighbours.has(`${one} ${other}`) || neighbours.has(`${other} ${one}`);
    }
  }
  return near ? 'near' : 'other';
}
