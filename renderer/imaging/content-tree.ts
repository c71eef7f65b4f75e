import { type DataSet, items, number, numbers, text, uid, values } from './dicom-json.ts';

/** One content item of a structured document (PS3.3 C.17.3), as words. All of it is text of somebody else's: never markup. */
export type ContentNode = {
  /** How it relates to the item above (0040,A010), in lower case: "has obs context"; empty at the top. */
  readonly relation: string;
  readonly name: string;
  readonly value: string;
  /** The image that it names, 1-based frame (null: the whole instance). */
  readonly image: ImageName | null;
  readonly children: readonly ContentNode[];
};

export type ImageName = { readonly instanceUid: string; readonly frame: number | null };

/** A structured report or key object selection, ready to be read. */
export type ContentDocument = {
  readonly instanceUid: string;
  readonly title: string;
  /** "complete, verified by RIESMEIER, JÖRG 2001-02-13 18:47"; what the document says of itself. */
  readonly standing: string;
  readonly nodes: readonly ContentNode[];
  /** Images that a key object selection names, in its order; empty for reports. */
  readonly keyImages: readonly ImageName[];
  /** True when the document is larger than what is shown. */
  readonly cut: boolean;
};

const maximumNodes = 5_000;
const maximumDepth = 40;
const keyObjects = '1.2.840.10008.5.1.4.1.1.88.59';

/** The document of an instance's metadata; null for what is no structured document (PS3.4 B.5: SR classes and key objects). */
export function contentDocument(data: DataSet): ContentDocument | null {
  const sopClass = text(data, '00080016');
  const instanceUid = uid(data, '00080018');
  if (instanceUid === null || !sopClass.startsWith('1.2.840.10008.5.1.4.1.1.88.')) return null;
  let left = maximumNodes;
  let cut = false;
  const nodes = (parent: DataSet, depth: number): readonly ContentNode[] =>
    items(parent, '0040A730').flatMap((item) => {
      if (left <= 0 || depth > maximumDepth) {
        cut = true;
        return [];
      }
      left -= 1;
      return [
        {
          relation: text(item, '0040A010').toLowerCase(),
          name: meaning(item, '0040A043'),
          value: valueWords(item),
          image: imageOf(item),
          children: nodes(item, depth + 1),
        },
      ];
    });
  const content = nodes(data, 0);
  const title = meaning(data, '0040A043');
  return {
    instanceUid,
    title: title === '' ? (sopClass === keyObjects ? 'Key objects' : 'Structured report') : title,
    standing: standingOf(data),
    nodes: content,
    keyImages: sopClass === keyObjects ? content.flatMap((node) => (node.image === null ? [] : [node.image])) : [],
    cut,
  };
}

function meaning(data: DataSet, tag: string): string {
  const [code] = items(data, tag);
  return code === undefined ? '' : text(code, '00080104') || text(code, '00080100');
}

/** Completion and verification (PS3.3 C.17.2): whoever reads a draft must see that it is one. */
function standingOf(data: DataSet): string {
  const observers = items(data, '0040A073').map((one) =>
    [text(one, '0040A075').replaceAll('^', ' ').trim(), moment(text(one, '0040A030'))]
      .filter((word) => word !== '')
      .join(' '),
  );
  const verified = text(data, '0040A493').toLowerCase();
  return [
    text(data, '0040A496') === 'PRELIMINARY' ? 'PRELIMINARY' : '',
    text(data, '0040A491').toLowerCase(),
    observers.length === 0 ? verified : `${verified} by ${observers.join(' and ')}`,
    moment(`${text(data, '00080023')}${text(data, '00080033')}`),
  ]
    .filter((word) => word !== '')
    .join(' · ');
}

/** A DA, TM or DT of digits as it is read: "2001-02-13 18:47"; what is none stays as it came. */
function moment(value: string): string {
  const found = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2}))?/.exec(value);
  if (found === null) return value;
  const [, year, month, day, hour, minute] = found;
  return `${year}-${month}-${day}${hour === undefined ? '' : ` ${hour}:${minute} site’s zone`}`;
}

/** The value of an item by its type (PS3.3 C.17.3.2.1). */
function valueWords(item: DataSet): string {
  switch (text(item, '0040A040')) {
    case 'TEXT':
      return text(item, '0040A160');
    case 'CODE':
      return meaning(item, '0040A168');
    case 'NUM':
      return measured(item);
    case 'PNAME':
      return text(item, '0040A123').replaceAll('^', ' ').trim();
    case 'DATE':
      return moment(text(item, '0040A121'));
    case 'TIME':
      return text(item, '0040A122').replace(/^(\d{2})(\d{2}).*$/, '$1:$2');
    case 'DATETIME':
      return moment(text(item, '0040A120'));
    case 'UIDREF':
      return text(item, '0040A124');
    case 'IMAGE':
      return 'image';
    case 'COMPOSITE':
      return 'object';
    case 'WAVEFORM':
      return 'waveform';
    case 'SCOORD':
    case 'SCOORD3D': {
      const points = numbers(item, '00700022').length / (text(item, '0040A040') === 'SCOORD' ? 2 : 3);
      return `${text(item, '00700023').toLowerCase()} of ${points} ${points === 1 ? 'point' : 'points'}`;
    }
    case 'TCOORD':
      return text(item, '0040A130').toLowerCase();
    case 'CONTAINER':
      return '';
    default: {
      const reference = numbers(item, '0040DB73');
      return reference.length > 0 ? `see item ${reference.join('.')}` : text(item, '0040A160');
    }
  }
}

/** Numeric value with its unit, or why it has none (0040,A301). */
function measured(item: DataSet): string {
  const [value] = items(item, '0040A300');
  if (value === undefined) return meaning(item, '0040A301') || 'not measured';
  const [unit] = items(value, '004008EA');
  const code = unit === undefined ? '' : text(unit, '00080100');
  const figure = values(value, '0040A30A')[0];
  // The unit's code is UCUM's and short; "1" and "{…}" stand for what has none.
  const words = code === '1' || code.startsWith('{') ? '' : code;
  return `${typeof figure === 'number' || typeof figure === 'string' ? figure : ''} ${words}`.trim();
}

function imageOf(item: DataSet): ImageName | null {
  if (text(item, '0040A040') !== 'IMAGE') return null;
  const [reference] = items(item, '00081199');
  const instanceUid = reference === undefined ? null : uid(reference, '00081155');
  return instanceUid === null || reference === undefined ? null : { instanceUid, frame: number(reference, '00081160') };
}
