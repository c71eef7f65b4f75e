/** A person's name in the parts that HL7 v2 (XCN.2 to XCN.6) and FHIR (HumanName) both know; empty where a part was not given. */
export type OrdererName = {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly suffix: string;
  readonly prefix: string;
};

/** The ordering physician: what the order itself says, and who that is in the record. */
export type Orderer = {
  /** As the order has it, for people. */
  readonly name: string;
  readonly npi: string | null;
  /** Logical id of the Practitioner in the record; absent where the order names none. */
  readonly practitioner?: string;
  /** Where it is no NPI: the number that the site knows the physician by, and who gave it (XCN.1 with XCN.9). */
  readonly number?: { readonly value: string; readonly authority: string };
  /** Absent where the name came in one piece. */
  readonly parts?: OrdererName;
};

/**
 * What makes the physician the same one wherever an order names him: the NPI (45 CFR 162.406, one for life), else the number with its
 * authority *at this site*, since every hospital counts from one. Null for a name alone: two people may bear it.
 */
export function ordererKey(
  orderer: Pick<Orderer, 'npi' | 'number'>,
  siteId: string,
):
  | readonly [kind: 'npi', npi: string]
  | readonly [kind: 'number', site: string, authority: string, value: string]
  | null {
  if (orderer.npi !== null) return ['npi', orderer.npi];
  if (orderer.number === undefined || siteId === '') return null;
  return ['number', siteId, orderer.number.authority, orderer.number.value];
}

/** The number for people: "NPI 1234567893", "4711, HARBOUR"; empty where none is known. */
export function ordererNumber(orderer: Pick<Orderer, 'npi' | 'number'>): string {
  if (orderer.npi !== null) return `NPI ${orderer.npi}`;
  if (orderer.number === undefined) return '';
  const { value, authority } = orderer.number;
  return authority === '' ? value : `${value}, ${authority}`;
}

/** "Olivia Orderer (NPI 1234567893)"; what is not known is left out, and empty where nothing is. */
export function ordererWords(orderer: Orderer): string {
  const number = ordererNumber(orderer);
  return number === '' ? orderer.name : orderer.name === '' ? number : `${orderer.name} (${number})`;
}

function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The family name, where a name in one piece is "Family, Given" or "Given Family". */
function familyOf({ name, parts }: Pick<Orderer, 'name' | 'parts'>): string {
  if (parts !== undefined && parts.family !== '') return folded(parts.family);
  if (name.includes(',')) return folded(name.split(',')[0] ?? '');
  return folded(name).split(' ').at(-1) ?? '';
}

/**
 * False where one number comes with two family names: a mistyped number would make one physician of two, so the order then keeps its own
 * words and names nobody of the record.
 */
export function agreesOnName(one: Pick<Orderer, 'name' | 'parts'>, other: Pick<Orderer, 'name' | 'parts'>): boolean {
  const named = (family: string, whole: Pick<Orderer, 'name' | 'parts'>): boolean =>
    family !== '' && ` ${folded(`${whole.name} ${whole.parts?.family ?? ''}`)} `.includes(` ${family} `);
  return named(familyOf(one), other) || named(familyOf(other), one);
}
