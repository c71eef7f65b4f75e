import { at, listAt, referenceId, textAt } from './read.ts';

/** Whether a ServiceRequest only proposes (R4 RequestIntent): it orders nothing, whoever wrote it. */
export function isProposal(resource: unknown): boolean {
  const intent = at(resource, 'intent');
  return intent === 'proposal' || intent === 'plan' || intent === 'option';
}

/** Ids of the proposals that an order says it fulfils (ServiceRequest.basedOn); empty for a proposal. */
export function proposalsOfOrder(request: unknown): readonly string[] {
  if (at(request, 'resourceType') !== 'ServiceRequest' || isProposal(request)) return [];
  return listAt(request, 'basedOn').flatMap((one) => referenceId(textAt(one, 'reference'), 'ServiceRequest') ?? []);
}
