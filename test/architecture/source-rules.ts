import ts from 'typescript';

/** A sentence for a place that breaks a rule: what to do instead. */
export type Breach = { readonly rule: string; readonly file: string; readonly line: number; readonly instead: string };

type SourceRule = {
  readonly name: string;
  readonly instead: string;
  /** Paths from the root, with `/`. */
  applies(file: string): boolean;
  breaks(node: ts.Node, file: string): boolean;
};

const isTest = (file: string): boolean => /\.(?:test|fixture)\.tsx?$/.test(file) || /(?:^test|\/testing)\//.test(file);
const isConfig = (file: string): boolean => /^[^/]+\.config\.ts$/.test(file);
const isProduct = (file: string): boolean => /^(?:electron|renderer|shared|scripts)\//.test(file) && !isTest(file);
const inRenderer = (file: string): boolean => file.startsWith('renderer/') && !isTest(file);

/** `Date.now`, `window.fetch`: a property of a global by name. */
function isMember(node: ts.Node, owner: string, member: string): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === member &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === owner
  );
}

/** A global function by its bare name or as a property of a global object. */
function isGlobal(node: ts.Node, name: string): boolean {
  return (
    (ts.isIdentifier(node) && node.text === name) ||
    ['globalThis', 'window', 'self'].some((owner) => isMember(node, owner, name))
  );
}

/** An identifier used as a value or a type of that name; not as a property of something else or a key. */
function mentions(node: ts.Node, ...names: readonly string[]): boolean {
  if (!ts.isIdentifier(node) || !names.includes(node.text)) return false;
  const { parent } = node;
  return !(
    (ts.isPropertyAccessExpression(parent) && parent.name === node && !ts.isIdentifier(parent.expression)) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

/** The text of a string, a piece of a template or the words between JSX tags. Comments are none. */
function textOf(node: ts.Node): string | null {
  return ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node) ||
    ts.isJsxText(node)
    ? node.text
    : null;
}

// In pieces, so that this file does not break its own rules.
const registries = [
  ['npmjs', 'org'],
  ['npmjs', 'com'],
  ['yarnpkg', 'com'],
  ['npmmirror', 'com'],
  ['pypi', 'org'],
  ['golang', 'org'],
].map((one) => one.join('.'));
const sandboxOff = ['no', 'sandbox'].join('-');

/** Rules of style that matter enough to fail the build (DESIGN, 2.1 and section 5). test/architecture breaks each one on purpose. */
export const sourceRules: readonly SourceRule[] = [
  {
    name: 'no-clock-in-shared',
    instead:
      'Take `now` as an argument: a rule that reads the clock cannot be tested at midnight, and shared has no clock.',
    applies: (file) => file.startsWith('shared/') && !isTest(file),
    breaks: (node) =>
      isMember(node, 'Date', 'now') ||
      isMember(node, 'performance', 'now') ||
      (ts.isNewExpression(node) && isGlobal(node.expression, 'Date') && (node.arguments?.length ?? 0) === 0) ||
      (ts.isCallExpression(node) && isGlobal(node.expression, 'Date')),
  },
  {
    name: 'no-dice-in-shared',
    instead: 'Take ids and random bytes as arguments: the host has them in its ports.',
    applies: (file) => file.startsWith('shared/') && !isTest(file),
    breaks: (node) => isMember(node, 'Math', 'random') || mentions(node, 'crypto'),
  },
  {
    name: 'no-dice-for-secrets',
    instead: 'Math.random can be guessed: use ports.randomBytes or crypto.getRandomValues.',
    applies: (file) => /^(?:electron|renderer)\//.test(file) && !isTest(file),
    breaks: (node) => isMember(node, 'Math', 'random'),
  },
  {
    name: 'events-by-fetch',
    instead:
      'Read events with renderer/host: EventSource cannot send the Authorization header that carries the session.',
    applies: inRenderer,
    breaks: (node) => mentions(node, 'EventSource'),
  },
  {
    name: 'no-cookies',
    instead: 'The session travels in the Authorization header: cookies do not work on the desktop’s own scheme.',
    applies: isProduct,
    breaks: (node) =>
      isMember(node, 'document', 'cookie') ||
      // Taking one out of somebody's answer is the contrary of setting it.
      (/^(?:set-)?cookie$/i.test(textOf(node) ?? '') && !/\.delete\([^()]*\)$/.test(node.parent.getText())),
  },
  {
    name: 'no-images-by-address',
    instead:
      'Fetch the thumbnail with renderer/imaging and show the blob: an address in an element carries no session.',
    applies: inRenderer,
    breaks: (node) => {
      if (!ts.isJsxAttribute(node) || !ts.isIdentifier(node.name)) return false;
      if (!['src', 'href', 'srcSet', 'poster'].includes(node.name.text)) return false;
      return /["'`{]\s*\/(?:dicomweb|api|events)\b/.test(node.initializer?.getText() ?? '');
    },
  },
  {
    name: 'fields-keep-no-copy',
    instead:
      'Say autoComplete="off" (or pass one on): Chromium writes what stands in a field into its session files in the clear.',
    applies: inRenderer,
    breaks: (node) =>
      (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) &&
      ['input', 'textarea'].includes(node.tagName.getText()) &&
      !node.attributes.properties.some(
        (attribute) => ts.isJsxAttribute(attribute) && attribute.name.getText() === 'autoComplete',
      ),
  },
  {
    name: 'schemas-without-eval',
    instead:
      'Take z from shared/api/jitless-zod.ts: a schema made before its setting tries `new Function` in the page.',
    applies: (file) => file.startsWith('shared/') && file !== 'shared/api/jitless-zod.ts',
    breaks: (node) => ts.isImportDeclaration(node) && textOf(node.moduleSpecifier) === 'zod',
  },
  {
    name: 'fetch-in-host-and-imaging-only',
    instead:
      'Call the host through renderer/host (or ask renderer/imaging for pixels): they add session, window and deadlines.',
    applies: (file) => inRenderer(file) && !/^renderer\/(?:host|imaging)\//.test(file),
    breaks: (node) => ts.isCallExpression(node) && isGlobal(node.expression, 'fetch'),
  },
  {
    name: 'no-other-ways-out',
    instead: 'The page speaks to its own origin by fetch only: through renderer/host.',
    applies: inRenderer,
    breaks: (node) =>
      mentions(node, 'XMLHttpRequest', 'WebSocket', 'WebTransport', 'RTCPeerConnection') ||
      (ts.isPropertyAccessExpression(node) && node.name.text === 'sendBeacon'),
  },
  {
    name: 'no-default-exports',
    instead: 'Export by name: a default has as many names as importers.',
    applies: (file) => !isConfig(file),
    breaks: (node) =>
      ts.isExportAssignment(node) ||
      (ts.canHaveModifiers(node) &&
        (ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.DefaultKeyword)),
  },
  {
    name: 'no-any',
    instead: 'Say what it is, or `unknown` and look: `any` switches the checks off for all who touch it.',
    applies: () => true,
    breaks: (node) => node.kind === ts.SyntaxKind.AnyKeyword,
  },
  {
    name: 'no-enums',
    instead: 'Use a union of literals, each with its meaning in the standard: Node runs these sources as they are.',
    applies: () => true,
    breaks: (node) => ts.isEnumDeclaration(node),
  },
  {
    name: 'no-bang',
    instead: 'Show that it is there, or handle that it is not: `!` is a crash with a patient on screen.',
    applies: () => true,
    breaks: (node) => ts.isNonNullExpression(node),
  },
  {
    name: 'no-ipc',
    instead:
      'What only a desktop can do is handed to createHost as a port and reached by /api: there is no IPC and no preload.',
    applies: isProduct,
    breaks: (node) =>
      mentions(node, 'ipcMain', 'ipcRenderer', 'contextBridge') ||
      (ts.isPropertyAssignment(node) && node.name.getText() === 'preload'),
  },
  {
    name: 'sandbox-stays-on',
    instead: 'Where the sandbox is refused, Overread opens in the browser: it is never switched off.',
    applies: isProduct,
    breaks: (node) =>
      (textOf(node) ?? '').includes(`--${sandboxOff}`) ||
      textOf(node) === sandboxOff ||
      (ts.isPropertyAssignment(node) &&
        node.name.getText() === 'sandbox' &&
        node.initializer.kind === ts.SyntaxKind.FalseKeyword),
  },
  {
    name: 'no-text-becomes-code',
    instead: 'Text from a server, a file or a template is data: build elements, and parse by hand.',
    applies: isProduct,
    breaks: (node) =>
      mentions(node, 'eval') ||
      (ts.isNewExpression(node) && isGlobal(node.expression, 'Function')) ||
      (ts.isJsxAttribute(node) && node.name.getText() === 'dangerouslySetInnerHTML') ||
      (ts.isPropertyAccessExpression(node) &&
        ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc'].includes(node.name.text)),
  },
  {
    name: 'no-registry-names',
    instead: 'npm knows its registry; a name here breaks groups that have their own.',
    applies: () => true,
    breaks: (node) => registries.some((one) => (textOf(node) ?? '').includes(one)),
  },
  {
    name: 'no-machine-paths',
    instead: 'Find files from import.meta.url or a setting: this folder is on one computer only.',
    applies: (file) => !isTest(file),
    breaks: (node) => /^(?:\/work\/|\/home\/|\/Users\/|\/root\/|[A-Z]:\\Users)/.test(textOf(node) ?? ''),
  },
];

/** Lines of a file at which it must be cut. */
export const longestFile = 500;

/** What one file breaks. `file` is its path from the root. */
export function breachesOf(file: string, text: string): readonly Breach[] {
  const found: Breach[] = [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > longestFile) {
    const instead = `Cut it by what it does: ${lines} lines are more than anyone reads (${longestFile} at most).`;
    found.push({ rule: 'no-long-files', file, line: lines, instead });
  }
  if (/(?:^|[-/.])(?:utils?|helpers?|managers?|misc|common)(?:[-/.])/.test(file)) {
    const instead = 'Name it for what it does: such a name collects whatever has no other home.';
    found.push({ rule: 'no-catch-all-names', file, line: 1, instead });
  }
  const kind = file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true, kind);
  const rules = sourceRules.filter((one) => one.applies(file));
  const visit = (node: ts.Node): void => {
    for (const rule of rules) {
      if (!rule.breaks(node, file)) continue;
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      found.push({ rule: rule.name, file, line, instead: rule.instead });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
