import {
  type CriticalLevel,
  caregiverRoles,
  caregiverWords,
  longestCriticalWords,
  longestName,
  wayWords,
} from '../../domain/critical/index.ts';
import type { Instant } from '../../lib/instant.ts';
import { siteTimeText } from '../text/site-time.ts';
import { escapeXhtml } from '../text/xhtml.ts';

/** A critical result as the page shows it. */
export type PageCritical = {
  readonly id: string;
  readonly level: CriticalLevel;
  /** What is to be known, in the reader's words. */
  readonly finding: string;
  readonly due: Instant;
  /** Who read it back, and how; null while it is open. */
  readonly closed: { readonly who: string; readonly way: keyof typeof wayWords; readonly at: Instant } | null;
};

/** What came of a read-back, said above everything else. */
export type PageNotice = { readonly tone: 'alarm' | 'notice'; readonly words: string };

const field = (id: string, label: string, control: string): string =>
  `<p><label for="${id}">${escapeXhtml(label)}</label>${control}</p>`;

/** The form of a read-back: who, role, call-back number, whether she can act, and what she says back. */
function form(critical: PageCritical, page: { readonly path: string; readonly press: string }): string {
  // Nobody is a physician by default: who closes a result says herself what she is.
  const roles = `<option value="">Choose</option>${caregiverRoles
    .map((role) => `<option value="${role}">${escapeXhtml(caregiverWords[role])}</option>`)
    .join('')}`;
  return [
    `<form class="screen" method="post" action="${escapeXhtml(`${page.path}/read-back`)}">`,
    `<input type="hidden" name="press" value="${escapeXhtml(page.press)}"/><input type="hidden" name="result" value="${escapeXhtml(critical.id)}"/>`,
    field(
      'who',
      'Your name',
      `<input type="text" class="wide" id="who" name="who" autocomplete="name" maxlength="${longestName}" required="required"/>`,
    ),
    field('role', 'You are', `<select id="role" name="role" required="required">${roles}</select>`),
    field(
      'call-back',
      'Call-back number',
      '<input type="text" class="wide" id="call-back" name="callBack" inputmode="tel" autocomplete="tel" maxlength="40" required="required"/>',
    ),
    field(
      'words',
      'What you read, in your own words',
      `<textarea id="words" name="words" rows="3" autocomplete="off" maxlength="${longestCriticalWords}" required="required"></textarea>`,
    ),
    '<p><label class="check"><input type="checkbox" name="canAct" value="yes"/> I can act on it, or take it at once to who can</label></p>',
    '<p><button type="submit">Read back</button></p></form>',
  ].join('');
}

/** Critical results of the report, the open ones with what is asked of the person. Level 1 is never closed here. */
export function criticalsHtml(
  criticals: readonly PageCritical[],
  zone: string,
  page: { readonly path: string; readonly press: string },
): readonly string[] {
  const first = criticals.find((one) => one.closed === null && one.level !== 1);
  return criticals.map((one) => {
    const title = `<h2>Critical result, level ${one.level}</h2><p>${escapeXhtml(one.finding)}</p>`;
    if (one.closed !== null) {
      const { who, way, at } = one.closed;
      return `<section>${title}<p class="soft">Read back by ${escapeXhtml(who)}, ${escapeXhtml(wayWords[way])}, ${escapeXhtml(siteTimeText(at, zone))}.</p></section>`;
    }
    const due = `To be read back by ${escapeXhtml(siteTimeText(one.due, zone))}.`;
    const asks =
      one.level === 1
        ? '<p><b>This has to be told by voice. Call whoever gave you this link now; reading it here closes nothing.</b></p>'
        : // One at a time: two forms would have one name for two fields.
          one === first
          ? form(one, page)
          : '<p class="soft">To be read back after the one above.</p>';
    return `<section class="critical">${title}<p class="soft">${due}</p>${asks}</section>`;
  });
}
