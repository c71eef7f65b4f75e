import type { Basic } from '@medplum/fhirtypes';
import type { TemplateOwner } from '../../domain/template/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { at, codeIn, extensionOf, textAt } from './read.ts';
import { ours } from './systems.ts';

/** Logical id of an owner's templates: one of each, whoever writes them. Null for an owner whose id no FHIR id can hold (R4 datatypes, id). */
export function reportTemplatesId(owner: TemplateOwner): string | null {
  const id = owner.kind === 'group' ? 'templates-group' : `templates-${owner.kind}-${owner.id}`;
  return /^[A-Za-z0-9.-]{1,64}$/.test(id) ? id : null;
}

/** An owner's templates as a Basic with one JSON text, as hanging rules are: what is read back is checked like a stranger's file. */
export function reportTemplatesToFhir(id: string, text: string): Basic & { readonly id: string } {
  return {
    resourceType: 'Basic',
    id,
    extension: [{ url: ours.reportTemplates, valueString: text }],
    code: { coding: [{ system: ours.reportTemplates, code: 'report-templates' }] },
  };
}

export function reportTemplatesFromFhir(resource: unknown): Result<string, 'not-report-templates'> {
  const text = textAt(extensionOf(resource, ours.reportTemplates), 'valueString');
  const isOurs =
    at(resource, 'resourceType') === 'Basic' && codeIn(at(resource, 'code'), ours.reportTemplates) !== null;
  return isOurs && text !== null ? ok(text) : err('not-report-templates');
}

/** A version that another took the place of, by itself and never changed; its id is made from whose it is, what and which number. */
export function templateVersionToFhir(id: string, text: string): Basic & { readonly id: string } {
  return {
    resourceType: 'Basic',
    id,
    extension: [{ url: ours.reportTemplates, valueString: text }],
    code: { coding: [{ system: ours.reportTemplates, code: 'report-template-version' }] },
  };
}
