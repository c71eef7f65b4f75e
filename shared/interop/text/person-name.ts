/** The five components of one group of a DICOM person name (PS3.5 6.2.1.1). */
export type NameParts = {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly prefix: string;
  readonly suffix: string;
};

/** The first (alphabetic) group's components. */
export function nameParts(name: string): NameParts {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = (name.split('=')[0] ?? '')
    .split('^')
    .map((part) => part.trim());
  return { family, given, middle, prefix, suffix };
}

/** One group, without trailing `^`. Delimiters inside a component would change whose name it is: they become spaces. */
export function nameGroup(parts: NameParts): string {
  return [parts.family, parts.given, parts.middle, parts.prefix, parts.suffix]
    .map((part) =>
      part
        .replace(/[\^=\\]/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .join('^')
    .replace(/\^+$/, '');
}

/** For people: "TANDEWRIGHT, Mary Ann". */
export function nameForPeople(name: string): string {
  const { family, given, middle, prefix, suffix } = nameParts(name);
  const others = [prefix, given, middle, suffix].filter((part) => part !== '').join(' ');
  return [family, others].filter((part) => part !== '').join(', ') || '(no name)';
}
