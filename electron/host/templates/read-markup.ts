import { Parser } from 'htmlparser2';
import type { MarkupEvent, ReadMarkup } from '../../../shared/interop/mrrt/index.ts';
import { err, ok } from '../../../shared/lib/result.ts';

/** The largest template that a society published has 58 kB, 9 levels and 3,000 parts. */
const longest = 400_000;
const deepest = 100;
const mostEvents = 60_000;

/** Elements without content, as HTML has them: they add no level. */
const voids: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
);

/**
 * HTML as a list of what stands in it, by htmlparser2's tokenizer: no document is built, nothing runs and nothing is loaded. Refuses what
 * is longer, deeper or has more parts than any template, and what declares entities of its own.
 */
export const readMarkup: ReadMarkup = (text) => {
  if (text.length > longest)
    return err({
      code: 'too-long',
      reason: `The file is longer than the ${longest / 1000} kB that a template may take.`,
    });
  if (/<!ENTITY/i.test(text) || /<!DOCTYPE[^>]{0,1000}\[/i.test(text.slice(0, 2_000)))
    return err({
      code: 'declares-entities',
      reason: 'The file declares entities of its own, which no template needs.',
    });
  const events: MarkupEvent[] = [];
  let depth = 0;
  let tooDeep = false;
  let tooMany = false;
  const add = (event: MarkupEvent): void => {
    if (events.length >= mostEvents) {
      tooMany = true;
      parser.pause();
    } else events.push(event);
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (!voids.has(name)) depth += 1;
        if (depth > deepest) {
          tooDeep = true;
          parser.pause();
          return;
        }
        add({ kind: 'open', name, attributes: { ...attributes } });
      },
      ontext(found) {
        const last = events.at(-1);
        if (last?.kind === 'text') events[events.length - 1] = { kind: 'text', text: last.text + found };
        else add({ kind: 'text', text: found });
      },
      onclosetag(name) {
        if (voids.has(name)) return;
        depth -= 1;
        if (!tooDeep) add({ kind: 'close', name });
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  );
  // In pieces, so that a refusal comes before the whole was read.
  for (let at = 0; at < text.length && !tooDeep && !tooMany; at += 8_192) parser.write(text.slice(at, at + 8_192));
  if (tooDeep) return err({ code: 'too-deep', reason: `Its elements lie more than ${deepest} levels deep.` });
  if (tooMany)
    return err({ code: 'too-many-parts', reason: `It has more than ${mostEvents.toLocaleString('en')} parts.` });
  parser.end();
  return ok(events);
};
