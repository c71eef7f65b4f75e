import type { ReportTemplate, TemplateOrigin } from '../../domain/template/index.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { BadMarkup, ReadMarkup } from './markup.ts';
import { readMrrtBody } from './mrrt-body.ts';
import { readMrrtHead } from './mrrt-head.ts';
import { jsonOf, readOwnBody } from './own-body.ts';

/** A template that was read, not yet checked like a stranger's file, and what of the file it does not hold. */
export type ReadTemplate = { readonly template: ReportTemplate; readonly remarks: readonly string[] };
export type TemplateRefusal = { readonly code: 'not-a-template' | BadMarkup['code']; readonly reason: string };

/** A name by which a template is known here, from the one that its file gives. */
export function templateId(prefix: string, identifier: string): string {
  const plain = identifier
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return `${prefix}-${plain === '' ? 'template' : plain}`.slice(0, 80);
}

/**
 * Reads a report template as IHE RAD MRRT and RSNA RadReport have it (HTML5). Only words, fields and Dublin Core terms are taken: nothing
 * of the file's HTML, scripts, styles or links is kept, and nothing is loaded.
 */
export function readMrrt(html: string, read: ReadMarkup): Result<ReadTemplate, TemplateRefusal> {
  const events = read(html);
  if (!events.ok) return events;
  const head = readMrrtHead(events.value, read);
  if (!head.ok) return err({ code: 'not-a-template', reason: head.error });
  const { title, description, language, origin, appliesTo } = head.value;
  const own = jsonOf(head.value.own ?? undefined) as (Partial<ReportTemplate> & object) | null | undefined;
  const isOwn = typeof own === 'object' && own !== null;
  const body = isOwn ? readOwnBody(events.value) : readMrrtBody(events.value);
  if (body.sections.length === 0)
    return err({ code: 'not-a-template', reason: 'Its body has neither words nor fields.' });
  const form = { title, language, fields: body.fields, sections: body.sections };
  if (isOwn) {
    const given = own.origin as TemplateOrigin | null | undefined;
    const template = {
      ...form,
      title: own.title ?? title,
      description: own.description ?? description,
      id: own.id,
      version: own.version,
      appliesTo: own.appliesTo,
      requiredElements: own.requiredElements,
      origin: given == null ? null : { ...given, terms: origin.terms },
    } as ReportTemplate;
    return ok({ template, remarks: [] });
  }
  const remarks = [...head.value.remarks, ...body.remarks, ...leftOut(events.value)];
  return ok({
    template: {
      id: templateId('mrrt', origin.identifier === '' ? title : origin.identifier),
      version: 1,
      description,
      appliesTo,
      requiredElements: { complete: [], limited: [] },
      origin,
      ...form,
    },
    remarks,
  });
}

/** What a page would have run or loaded. */
function leftOut(
  events: readonly { readonly kind: string; readonly name?: string; readonly attributes?: object }[],
): readonly string[] {
  const opened = events.filter((one) => one.kind === 'open');
  const scripts = opened.filter(
    (one) => one.name === 'script' && !/xml/i.test((one.attributes as { readonly type?: string }).type ?? ''),
  ).length;
  const handlers = opened.filter((one) => Object.keys(one.attributes ?? {}).some((name) => /^on/i.test(name))).length;
  const loads = opened.filter(
    (one) =>
      ['link', 'img', 'iframe', 'object', 'embed', 'audio', 'video', 'source'].includes(one.name ?? '') ||
      'src' in (one.attributes ?? {}),
  ).length;
  const remarks: string[] = [];
  if (scripts + handlers > 0)
    remarks.push('Its scripts are left out: what it calculated or showed by choice is not calculated or hidden here.');
  if (loads > 0) remarks.push('Its links to other files are left out; nothing is loaded.');
  return remarks;
}
