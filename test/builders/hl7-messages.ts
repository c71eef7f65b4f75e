/** HL7 v2 messages of a made-up site: Larkspur Regional, whose radiology system sends orders and whose registry sends patients. */
export type Made = {
  readonly controlId: string;
  readonly type?: string;
  readonly at?: string;
  readonly application?: string;
  readonly characterSet?: string;
  readonly segments: readonly string[];
};

export function message({
  controlId,
  type = 'ORM^O01',
  at = '20260308021400-0700',
  application = 'RIS',
  characterSet = '',
  segments,
}: Made): string {
  const head = `MSH|^~\\&|${application}|LARKSPUR|OVERREAD|NIGHT|${at}||${type}|${controlId}|P|2.5.1||||||${characterSet}`;
  return [head, ...segments].map((one) => `${one}\r`).join('');
}

export function pid(number: string, name: string, birthDate = '19520309', sex = 'F'): string {
  return `PID|1||${number}^^^LARK^MR||${name}||${birthDate}|${sex}`;
}

export function anOrder(
  of: {
    readonly controlId?: string;
    readonly control?: string;
    readonly number?: string;
    readonly accession?: string;
    readonly exam?: string;
    readonly patient?: string;
    readonly at?: string;
    readonly priority?: string;
    readonly insurance?: readonly string[];
  } = {},
): string {
  const { control = 'NW', number = 'P4711', accession = 'LK100234', exam = 'XKNEER^XR KNEE RIGHT 3 VIEWS^L' } = of;
  return message({
    controlId: of.controlId ?? `C-${control}-${number}`,
    ...(of.at === undefined ? {} : { at: of.at }),
    segments: [
      of.patient ?? pid('LK55012', 'TANDEWRIGHT^MARY^ANN'),
      'PV1|1|E',
      ...(of.insurance ?? []),
      `ORC|${control}|${number}^RIS|${accession}^RIS||SC||^^^^^${of.priority ?? 'S'}||20260308021300-0700|||1234567893^ORDERER^OLIVIA^^^DR^^^NPI^^^^NPI`,
      `OBR|1|${number}^RIS|${accession}^RIS|${exam}|||||||||||^^^KNEE|||||||||CR|||||||^Fall from a ladder \\T\\ pain`,
    ],
  });
}
