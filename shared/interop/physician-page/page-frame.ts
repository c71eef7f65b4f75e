import { escapeXhtml } from '../text/xhtml.ts';

/**
 * The one style of the page, in the page: its policy names it by its hash. Contrast AA on both grounds; a state is told by words and a
 * border, never by colour alone.
 */
export const physicianPageStyle = [
  ':root{color-scheme:light dark;--ground:#fff;--ink:#16181b;--soft:#4b5159;--line:#c5cad0;--edge:#737a83;--press:#0b5c74;--press-ink:#fff;--alarm:#9b1c14;--alarm-wash:#fdeceb;--notice:#7a4b00;--notice-wash:#fdf3e0}',
  '@media (prefers-color-scheme:dark){:root{--ground:#12151a;--ink:#e6e9ed;--soft:#a9b1ba;--line:#333a43;--edge:#7b858f;--press:#8fd3e6;--press-ink:#08212a;--alarm:#ff9c8f;--alarm-wash:#3a1512;--notice:#f2c269;--notice-wash:#32260f}}',
  '*{box-sizing:border-box}',
  'body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 "IBM Plex Sans",system-ui,-apple-system,"Segoe UI",sans-serif}',
  'main{max-width:47rem;margin:0 auto;padding:1.25rem 1rem 2.5rem}',
  'h1{font-size:1.35rem;line-height:1.25;margin:0 0 .4rem}h2{font-size:1rem;margin:1.4rem 0 .25rem}',
  'p{margin:0 0 .5rem;overflow-wrap:anywhere}.words p{white-space:pre-wrap;margin:0}.soft{color:var(--soft)}.small{font-size:.875rem}',
  '.state{border:2px solid var(--ink);padding:.5rem .75rem;margin:0 0 1rem;font-weight:600}',
  '.state p{margin:.15rem 0 0;font-weight:400}',
  '.state.alarm,.alarm{border-color:var(--alarm);color:var(--alarm);background:var(--alarm-wash)}',
  '.state.notice{border-color:var(--notice);color:var(--notice);background:var(--notice-wash)}',
  '.alarm.line{border:1px solid var(--alarm);padding:.5rem .75rem;margin:0 0 1rem}',
  'dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.75rem 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);padding:.6rem 0}',
  'dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}dd.who{font-weight:600}',
  'label{display:block;font-weight:600;margin:0 0 .25rem}',
  'input[type=text]{font:inherit;font-size:1.5rem;letter-spacing:.12em;font-variant-numeric:tabular-nums;width:100%;max-width:15rem;padding:.45rem .6rem;color:var(--ink);background:transparent;border:1px solid var(--edge);border-radius:3px}',
  'input.wide[type=text],select,textarea{font:inherit;letter-spacing:normal;width:100%;max-width:28rem;padding:.45rem .6rem;color:var(--ink);background:var(--ground);border:1px solid var(--edge);border-radius:3px}',
  'label.check{font-weight:400}.critical{border:2px solid var(--alarm);padding:.25rem .9rem .5rem;margin:1rem 0}.critical h2{margin-top:.5rem;color:var(--alarm)}',
  '.notice.line{border:1px solid var(--notice);color:var(--notice);background:var(--notice-wash);padding:.5rem .75rem;margin:0 0 1rem}',
  'button{font:inherit;font-weight:600;min-height:2.75rem;padding:.4rem 1.1rem;border-radius:3px;border:1px solid var(--press);background:var(--press);color:var(--press-ink);cursor:pointer}',
  '.row button[type=submit]:not(.plain){min-height:3.35rem}.asked{margin-top:1rem}',
  'button.plain{background:transparent;color:var(--press)}',
  ':focus-visible{outline:3px solid var(--press);outline-offset:2px}',
  '.row{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0;align-items:end}.row form{margin:0}',
  'ol.versions{list-style:none;margin:.25rem 0 0;padding:0}ol.versions li{padding:.3rem 0;border-top:1px solid var(--line)}',
  '.date{white-space:nowrap}',
  '.digest{font:.8rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}',
  'footer{border-top:1px solid var(--line);margin-top:2rem;padding-top:.75rem;color:var(--soft);font-size:.875rem}',
  '@media (max-width:30rem){dl{grid-template-columns:1fr;gap:0}dt{margin-top:.35rem;font-size:.875rem}.row form,.row button{width:100%}}',
  '@media print{:root{--ground:#fff;--ink:#000;--soft:#333;--line:#999;--alarm:#000;--alarm-wash:#fff;--notice:#000;--notice-wash:#fff}.screen{display:none}body{font-size:11pt}main{max-width:none;padding:0}h2{break-after:avoid}}',
].join('');

/** A whole document around the body: no script, no picture, no address of anybody else. */
export function pageFrame(title: string, body: readonly string[]): string {
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8"/>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    '<meta name="robots" content="noindex, nofollow"/>',
    `<title>${escapeXhtml(title)}</title><style>${physicianPageStyle}</style></head><body><main>`,
    ...body,
    '<footer>Overread is not a cleared or approved medical device.</footer>',
    '</main></body></html>',
  ].join('\n');
}

/** A form of one button that says which opening it belongs to. `action` is a path of this page. */
export function pressForm(action: string, press: string, button: string): string {
  return `<form method="post" action="${escapeXhtml(action)}"><input type="hidden" name="press" value="${escapeXhtml(press)}"/><button type="submit" class="plain">${escapeXhtml(button)}</button></form>`;
}
