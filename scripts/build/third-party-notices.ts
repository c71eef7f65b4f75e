import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where the page finds them, at its own origin. */
export const noticesFile = 'third-party-notices.txt';

type Locked = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
};
type Described = {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string | { readonly type?: string };
  readonly author?: string | { readonly name?: string };
  readonly repository?: string | { readonly url?: string };
};
type Notice = {
  readonly title: string;
  readonly licence: string;
  readonly from: string;
  readonly texts: readonly string[];
};

const licenceName = /^(?:licen[cs]e|copying|notice|copyright|third-?party)/i;

/** What stands in a package's binary and has a licence of its own, which the package does not bring. */
const inside: readonly { readonly holder: RegExp; readonly notice: (mit: (holder: string) => string) => Notice }[] = [
  {
    holder: /^sherpa-onnx-(?:linux|darwin|win)-/,
    notice: (mit) => ({
      title: 'ONNX Runtime (in the library of sherpa-onnx)',
      licence: 'MIT',
      from: 'https://github.com/microsoft/onnxruntime, whose ThirdPartyNotices.txt names what it holds in turn',
      texts: [mit('Microsoft Corporation')],
    }),
  },
];

// SPDX MIT: the words to which a package that brings no file of its own binds by its name alone.
const mitWords = (holder: string): string => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Licence files of a package's own folder, by name. */
function licenceTexts(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => licenceName.test(name) && /^(?:[^.]+|.*\.(?:txt|md))$/i.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8').replace(/\r\n?/g, '\n').trim());
}

function noticeOf(root: string, path: string, { optional }: Locked): readonly Notice[] {
  const folder = join(root, path);
  let described: Described;
  try {
    described = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Described;
  } catch {
    if (optional !== true) throw new Error(`${path} is not installed, so its licence cannot be told. Run npm ci.`);
    // For another system: npm has not installed it here, and the program that is packed here does not hold it.
    return [];
  }
  const { name = '', version = '', license, author, repository } = described;
  const licence = typeof license === 'string' ? license : (license?.type ?? 'see its source');
  const from = (typeof repository === 'string' ? repository : repository?.url) ?? '';
  const holder = (typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`;
  const own = licenceTexts(folder);
  const standing =
    licence === 'MIT'
      ? [mitWords(holder)]
      : licence === 'Apache-2.0'
        ? [readFileSync(join(root, 'LICENSE'), 'utf8').trim()]
        : [`The package brings no licence file; it says: ${licence}.`];
  const notice = { title: `${name} ${version}`, licence, from, texts: own.length > 0 ? own : standing };
  return [notice, ...inside.filter(({ holder: found }) => found.test(name)).map((one) => one.notice(mitWords))];
}

/** Every package that the program is made of, with the licence that it brings; those of development and of other systems are not among them. */
export function thirdPartyNotices(root: string): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: { readonly [path: string]: Locked };
  };
  const notices = Object.entries(lock.packages)
    .filter(([path, one]) => path !== '' && one.dev !== true && one.devOptional !== true)
    .flatMap(([path, one]) => noticeOf(root, path, one));
  const once = [...new Map(notices.map((one) => [one.title, one])).values()].sort((left, right) =>
    left.title.localeCompare(right.title, 'en'),
  );
  const rule = '-'.repeat(80);
  return [
    `Overread is made with ${once.length} works of others, each under its own licence. The desktop program also holds Electron and Chromium; their\nlicences lie beside it as LICENSE.electron.txt and LICENSES.chromium.html.`,
    ...once.map(({ title, licence, from, texts }) =>
      [rule, title, `Licence: ${licence}`, ...(from === '' ? [] : [`Source: ${from}`]), '', ...texts].join('\n'),
    ),
    '',
  ].join('\n\n');
}

/** Puts them beside the built page. */
export function noticesPlugin(root: string) {
  return {
    name: 'third-party-notices',
    generateBundle(this: {
      emitFile(file: { readonly type: 'asset'; readonly fileName: string; readonly source: string }): unknown;
    }): void {
      this.emitFile({ type: 'asset', fileName: noticesFile, source: thirdPartyNotices(root) });
    },
  };
}
