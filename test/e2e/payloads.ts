/**
 * Texts that a page must show and never obey. Each names itself in what it would do: `canary(N)` in the page, or a request to the
 * canary's own server. The forms follow the usual places where text becomes code: markup, attributes, URLs, styles, templates, DICOM's
 * own separators, JSON, and the marks that reorder text on a screen.
 */
export type Payload = { readonly number: number; readonly text: string };

const calls: readonly ((number: number, server: string) => string)[] = [
  (number) => `canary(${number})`,
  (number) => `window['can'+'ary'](${number})`,
  (number) => `top.canary(${number})`,
  (number) => `alert(${number})`,
  (number, server) => `fetch('${server}/js-${number}')`,
  (number, server) => `new Image().src='${server}/img-${number}'`,
];

type Form = (call: string, number: number, server: string) => string;

const markup: readonly Form[] = [
  (call) => `<script>${call}</script>`,
  (call) => `<ScRiPt >${call}</sCrIpT >`,
  (_call, number, server) => `<script src="${server}/script-${number}.js"></script>`,
  (call) => `<img src=x onerror="${call}">`,
  (call) => `<img/src=x/onerror=${call}//`,
  (call) => `<svg onload="${call}">`,
  (call) => `<svg><script>${call}</script></svg>`,
  (call) => `<svg><animate onbegin="${call}" attributeName=x dur=1s>`,
  (call) => `<body onload="${call}">`,
  (call) => `<iframe srcdoc="<script>parent.${call}</script>"></iframe>`,
  (call) => `<iframe src="javascript:parent.${call}"></iframe>`,
  (_call, number, server) => `<iframe src="${server}/frame-${number}"></iframe>`,
  (call) => `<details open ontoggle="${call}">x</details>`,
  (call) => `<input autofocus onfocus="${call}">`,
  (call) => `<video><source onerror="${call}"></video>`,
  (call) => `<math><mtext></mtext><img src=x onerror="${call}"></math>`,
  (call) => `<a href="javascript:${call}">click</a>`,
  (call) => `<form action="javascript:${call}"><button>go</button></form>`,
  (call) => `<object data="javascript:${call}"></object>`,
  (_call, number, server) => `<link rel="stylesheet" href="${server}/style-${number}.css">`,
  (_call, number, server) => `<meta http-equiv="refresh" content="0;url=${server}/meta-${number}">`,
  (_call, number, server) => `<base href="${server}/base-${number}/">`,
  (_call, number, server) =>
    `<style>@import '${server}/import-${number}'; body{background:url(${server}/bg-${number})}</style>`,
  (call) => `<div style="width:expression(${call})">x</div>`,
  (call) => `</textarea><script>${call}</script>`,
  (call) => `</title></style></script><script>${call}</script>`,
  (call) => `--><script>${call}</script><!--`,
  (call) => `]]><script>${call}</script>`,
  (call) => `<template><script>${call}</script></template>`,
  (call) => `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  (call) => `<img src="x" alt="\`><script>${call}</script>">`,
  (call) => `"><script>${call}</script>`,
  (call) => `' autofocus onfocus='${call}' x='`,
  (call) => `" onmouseover="${call}" x="`,
];
const code: readonly Form[] = [
  (call) => `javascript:${call}`,
  (call) => `data:text/html,<script>${call}</script>`,
  (call) => `\${${call}}`,
  (call) => `{{${call}}}`,
  (call) => `{{constructor.constructor('${call.replaceAll("'", '"')}')()}}`,
  (call) => `<%= ${call} %>`,
  (call) => `#{${call}}`,
  (call) => `';${call};//`,
  (call) => `";${call};//`,
  (call) => `\`);${call};//`,
  (call) => `&lt;script&gt;${call}&lt;/script&gt;`,
  (call) => `&#60;script&#62;${call}&#60;/script&#62;`,
  (call) => `%3Cscript%3E${encodeURIComponent(call)}%3C/script%3E`,
  (call) => `\\u003cscript\\u003e${call}\\u003c/script\\u003e`,
  (call) => `{"__proto__":{"html":"<img src=x onerror=${call}>"}}`,
  (call) => `]};${call};({"x":[`,
  (call) => `url("javascript:${call}")`,
  (call) => `![x](javascript:${call})`,
  (call) => `[x](javascript:${call})`,
  (call) => `=cmd|' /C ${call}'!A0`,
];
/** Without `=` and `^`, which DICOM takes as separators of a name (PS3.5 6.2.1), so that each comes through whole. */
const inNames: readonly Form[] = [
  (call) => `<script>${call}</script>`,
  (call) => `<b>${call}</b>`,
  (call) => `\${${call}}`,
  (call) => `{{${call}}}`,
  (call) => `javascript:${call}`,
  (_call, number, server) => `<style>@import '${server}/name-${number}'</style>`,
  (call) => `"><script>${call}</script>`,
  (call) => `</title><script>${call}</script>`,
];

function corpus(forms: readonly Form[], first: number, count: number, server: string): readonly Payload[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const form = forms[index % forms.length];
    const call = calls[Math.floor(index / forms.length + index) % calls.length];
    if (form === undefined || call === undefined) throw new Error('an empty corpus');
    return { number, text: form(call(number, server), number, server) };
  });
}

/** For any text but a person's name: each form at least thrice, each with other code. */
export function anyTexts(server: string, count = 216): readonly Payload[] {
  return corpus([...markup, ...code], 1, count, server);
}

/** For person names in DICOM. */
export function nameTexts(server: string, count = 32): readonly Payload[] {
  const withoutSeparators = calls.slice(0, 2);
  return Array.from({ length: count }, (_, index) => {
    const number = 1_001 + index;
    const form = inNames[index % inNames.length];
    const call = withoutSeparators[Math.floor(index / inNames.length) % withoutSeparators.length];
    if (form === undefined || call === undefined) throw new Error('an empty corpus');
    return { number, text: form(call(number, server), number, server) };
  });
}
