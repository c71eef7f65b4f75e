import { escapeXhtml } from '../text/xhtml.ts';
import { pageFrame } from './page-frame.ts';

/** Why nothing was opened, as far as it may be told: to who has the right code more than to who has not. */
export type CodeTrouble =
  /** A wrong code, no such link, or too many wrong codes: one answer for all three. */
  'refused' | 'expired' | 'used' | 'ended' | 'not-now' | 'not-noted' | 'altered' | 'slow-down' | 'over';

const words: Readonly<Record<CodeTrouble, string>> = {
  refused:
    'This link and this code open nothing. Check the code and try again; after a few wrong codes the link is locked. Whoever gave it to you can make another.',
  expired: 'This code has expired. Nothing was opened. Ask whoever gave it to you for another link and code.',
  used: 'This code was used before, and it opens once. If that was not you, tell whoever gave it to you. Ask for another link and code.',
  ended: 'This link was ended by whoever gave it to you. Ask for another link and code.',
  'not-now':
    'The report cannot be shown at this moment. Nothing was opened and the code is still good. Try again in a minute, or call whoever gave it to you.',
  'not-noted':
    'The opening could not be noted, so nothing is shown. The code is still good. Try again in a minute, or call whoever gave it to you.',
  altered:
    'What is kept of this report is not what was signed, so it is not shown. Nothing was opened. Call whoever gave you the link.',
  'slow-down': 'Too many tries came from your address. Wait ten minutes, then try again.',
  over: 'The time in which this report could be looked at again is over. Ask whoever gave it to you for another link and code.',
};

/**
 * The page where a code is entered. Without trouble it is the same for every link, whether there is one or not: a preview or a scanner
 * learns nothing from it. `press` is new for each page; pressing Open on it twice is one opening.
 */
export function codePageHtml(page: {
  readonly path: string;
  readonly press: string;
  readonly trouble: CodeTrouble | null;
}): string {
  const { path, press, trouble } = page;
  const entry = trouble !== 'ended' && trouble !== 'used' && trouble !== 'expired' && trouble !== 'over';
  return pageFrame('Open a report', [
    '<h1>Open a radiology report</h1>',
    ...(trouble === null ? [] : [`<p class="alarm line" role="alert">${escapeXhtml(words[trouble])}</p>`]),
    ...(entry
      ? [
          '<p>If you were given this link and a code, enter the code and press Open. That you opened the report is then noted in its record.</p>',
          `<form method="post" action="${escapeXhtml(path)}"><input type="hidden" name="press" value="${escapeXhtml(press)}"/>`,
          '<div class="row"><div><label for="code">Code, 8 digits</label><input type="text" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required="required" autofocus="autofocus"/></div>',
          '<button type="submit">Open</button></div></form>',
          '<p class="soft small">The code comes apart from the link, by phone or another message. It opens the report once.</p>',
        ]
      : []),
  ]);
}

/** A path that is none. */
export function nothingHereHtml(): string {
  return pageFrame('Nothing here', ['<h1>Nothing here</h1>', '<p>Check that the whole link was copied.</p>']);
}
