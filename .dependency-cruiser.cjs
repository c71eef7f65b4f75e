/**
 * Who may know whom (DESIGN, section 3). Each rule says what to do instead. Types count as imports. Tests are free to look anywhere and
 * are left out. test/architecture plants a violation of every rule and sees it fail: a new rule needs a planted one there.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'lib-stands-alone',
      comment:
        'shared/lib is the ground floor: move what needs a domain into that domain, and what needs a package out of shared.',
      severity: 'error',
      from: { path: '^shared/lib/' },
      to: { pathNot: '^shared/lib/' },
    },
    {
      name: 'domain-knows-only-the-trade',
      comment:
        'The rules of the trade are pure: take the time, ids and answers of servers as arguments, and put codecs into shared/interop.',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: { pathNot: '^shared/(?:lib|domain)/' },
    },
    {
      name: 'domain-through-the-front-door',
      comment:
        'Import another domain through its index.ts; export there what you need, or move the rule to the noun that it is about.',
      severity: 'error',
      from: { path: '^shared/domain/([^/]+)/' },
      to: { path: '^shared/domain/', pathNot: ['^shared/domain/$1/', '^shared/domain/[^/]+/index\\.ts$'] },
    },
    {
      name: 'interop-and-api-are-pure',
      comment:
        'Codecs and the table of calls know shared, zod and the FHIR types. Read files, sockets and clocks in electron/host and hand the bytes in.',
      severity: 'error',
      from: { path: '^shared/(?:interop|api)/' },
      to: { pathNot: ['^shared/', 'node_modules/zod/', 'node_modules/@medplum/fhirtypes/'] },
    },
    {
      name: 'fhir-types-are-types',
      comment: 'Only the types of FHIR resources are for shared: write `import type`.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: 'node_modules/@medplum/fhirtypes/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'host-runs-without-electron',
      comment:
        'The host runs in plain Node too: take what only a desktop can do from HostConfig.desktop, which electron/shell fills.',
      severity: 'error',
      from: { path: '^electron/host/' },
      to: { path: '^electron/(?!host/)' },
    },
    {
      name: 'only-the-shell-knows-electron',
      comment:
        'Electron is imported by electron/main.ts and electron/shell alone; elsewhere take what you need as a parameter.',
      severity: 'error',
      from: { pathNot: ['^electron/main\\.ts$', '^electron/shell/'] },
      to: { path: ['^electron$', 'node_modules/electron/'] },
    },
    {
      name: 'outside-never-knows-the-page',
      comment:
        'Nothing outside the page imports the page: what both need is in shared; what the host asks of the page is a call in shared/api.',
      severity: 'error',
      from: { path: '^(?:electron|shared)/' },
      to: { path: '^renderer/' },
    },
    {
      name: 'shells-through-the-host’s-index',
      comment: 'A shell mounts the host and knows no room of it: export what you need in electron/host/index.ts.',
      severity: 'error',
      from: { path: '^electron/(?!host/)' },
      to: { path: '^electron/host/', pathNot: '^electron/host/index\\.ts$' },
    },
    {
      name: 'shells-hold-no-rules',
      comment:
        'A shell is thin: of shared it knows the table of calls and lib; a rule of the trade belongs behind a call of the host.',
      severity: 'error',
      from: { path: '^electron/(?!host/)' },
      to: { path: '^shared/', pathNot: '^shared/(?:api|lib)/' },
    },
    {
      name: 'desktop-without-browser-shell',
      comment: 'What the desktop shell and the browser shell share is in electron/launch.',
      severity: 'error',
      from: { path: '^electron/(?:main\\.ts$|shell/|launch/)' },
      to: { path: '^electron/(?:browser-shell/|serve\\.ts$)' },
    },
    {
      name: 'browser-shell-without-desktop',
      comment: 'What the desktop shell and the browser shell share is in electron/launch.',
      severity: 'error',
      from: { path: '^electron/(?:serve\\.ts$|browser-shell/|launch/)' },
      to: { path: '^electron/(?:main\\.ts$|shell/)' },
    },
    {
      name: 'page-knows-no-outside',
      comment:
        'The page asks the host by calls of shared/api; it imports nothing from electron/, whichever shell it is in.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^electron/' },
    },
    {
      name: 'page-is-not-node',
      comment: "The page has no Node: ask the host for files and processes, or use the browser's own.",
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-meet-in-app-only',
      comment:
        'A feature never imports another: share by renderer/case (typed commands and events), or let renderer/app join them.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'features-know-not-the-app',
      comment:
        'A feature takes what it needs from ui, data, imaging, host and case; the app knows the features, not they the app.',
      severity: 'error',
      from: { path: '^renderer/features/' },
      to: { path: '^renderer/', pathNot: '^renderer/(?:features|ui|data|imaging|host|case)/' },
    },
    {
      name: 'imaging-data-host-are-below',
      comment:
        'Imaging, data and host serve features and know none: take callbacks and values, and leave drawing of controls to features and ui.',
      severity: 'error',
      from: { path: '^renderer/(imaging|data|host)/' },
      to: { path: '^renderer/', pathNot: '^renderer/$1/' },
    },
    {
      name: 'case-is-below-features',
      comment:
        'The case on screen is known to features, not the other way round: pass in what it needs, or use shared.',
      severity: 'error',
      from: { path: '^renderer/case/' },
      to: { path: '^renderer/', pathNot: '^renderer/case/' },
    },
    {
      name: 'ui-knows-no-radiology',
      comment:
        'The design system draws what it is given: pass texts and states as properties, and keep words of the trade in features.',
      severity: 'error',
      from: { path: '^renderer/ui/' },
      to: { path: ['^shared/', '^renderer/'], pathNot: '^renderer/ui/' },
    },
    {
      name: 'cornerstone-in-imaging-only',
      comment: 'Images are drawn by renderer/imaging; ask its index for what you want to show.',
      severity: 'error',
      from: { pathNot: '^renderer/imaging/' },
      to: { path: '(?:^|node_modules/)(?:@cornerstonejs|dicomweb-client|pdfjs-dist)/' },
    },
    {
      name: 'dexie-in-data-only',
      comment: 'What the page keeps is sealed by renderer/data; ask its index to keep and find.',
      severity: 'error',
      from: { pathNot: '^renderer/data/' },
      to: { path: 'node_modules/dexie(?:-react-hooks)?/' },
    },
    {
      name: 'prosemirror-in-the-editor-only',
      comment:
        'The words of a report are written in renderer/features/report/editor; ask it for what the editor should do.',
      severity: 'error',
      from: { pathNot: '^renderer/features/report/editor/' },
      to: { path: 'node_modules/prosemirror-[a-z]+/' },
    },
    {
      name: 'product-without-tests-and-scripts',
      comment: 'What ships does not lean on test/ or scripts/: move what both need into the room that owns it.',
      severity: 'error',
      from: { path: '^(?:electron|renderer|shared)/' },
      to: { path: '^(?:test|scripts)/' },
    },
    {
      name: 'product-without-development-packages',
      comment:
        'What ships uses what is installed with it: move the package to "dependencies", or import its types only.',
      severity: 'error',
      from: { path: '^(?:electron|renderer|shared)/', pathNot: '^electron/(?:main\\.ts|shell/)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'packages-are-declared',
      comment:
        'Declare the package in package.json with its exact version; what is only somebody’s dependency may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'imports-resolve',
      comment: 'The file or package is not there: correct the path (with its .ts or .tsx) or install the package.',
      severity: 'error',
      from: {},
      // `?url` is Vite's, which fails the build itself when the file is missing.
      to: { couldNotResolve: true, pathNot: '\\?url$' },
    },
    {
      name: 'no-circles',
      comment:
        'Two files that import each other are one: join them, or move what both need into a third. (Types may circle.)',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    // Without it imports of types, erased before it looks, would count for nothing.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.test\\.tsx?$', '\\.fixture\\.ts$', '/testing/', '\\.css$'] },
    // Not yet in its list.
    builtInModules: { add: ['node:sqlite'] },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.d.ts', '.json'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types', 'typings'],
      conditionNames: ['types', 'import', 'node', 'default'],
    },
  },
};
