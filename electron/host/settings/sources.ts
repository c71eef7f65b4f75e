import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { type OptionName, options, type Source } from './options.ts';
import type { SettingsFailure } from './types.ts';

type Read<Value> = Result<Value, SettingsFailure>;

export function refuse(
  code: SettingsFailure['code'],
  message: string,
): { readonly ok: false; readonly error: SettingsFailure } {
  return err({ code, message });
}

/** A word of the user's as it may be repeated: an unknown option may hold a secret after `=`. */
function shown(word: string): string {
  const name = word.split('=')[0] ?? '';
  return /^--?[A-Za-z0-9-]{1,40}$/.test(name) ? name : 'An argument';
}

/** `--name value` and `--name=value`; the last of two wins. */
export function fromCommandLine(argv: readonly string[]): Read<Source> {
  const given: { [Name in OptionName]?: string | boolean } = {};
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [name, ...rest] = word.split('=');
    if (name === '--passphrase') {
      return refuse(
        'unknown-option',
        'The passphrase is not taken from the command line, where others on this computer can see it. Set OVERREAD_PASSPHRASE, or type it when asked.',
      );
    }
    const option = options.find((one) => `--${one.option}` === name);
    if (option === undefined) {
      const known = options.map((one) => `--${one.option}`).join(' ');
      return refuse('unknown-option', `${shown(word)} is not an option of Overread. The options: ${known}`);
    }
    if (option.takes === 'nothing') {
      if (rest.length > 0) return refuse('bad-value', `${name} takes no value.`);
      given[option.option] = true;
    } else {
      const value = rest.length > 0 ? rest.join('=') : words.shift();
      if (value === undefined || value === '' || (rest.length === 0 && value.startsWith('--'))) {
        return refuse('bad-value', `${name} needs a value after it.`);
      }
      given[option.option] = value;
    }
  }
  return ok({ given, nameOf: (option) => `--${option}` });
}

const yes: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);
const no: ReadonlySet<string> = new Set(['0', 'false', 'no', 'off']);

/** Other `OVERREAD_` variables (the passphrase, those of tests) are none of ours and pass. An empty one counts as not set. */
export function fromEnvironment(env: { readonly [name: string]: string | undefined }): Read<Source> {
  const given: { [Name in OptionName]?: string | boolean } = {};
  for (const option of options) {
    const value = env[option.variable];
    if (value === undefined || value === '') continue;
    if (option.takes !== 'nothing') given[option.option] = value;
    else if (yes.has(value.toLowerCase())) given[option.option] = true;
    else if (no.has(value.toLowerCase())) given[option.option] = false;
    else return refuse('bad-value', `${option.variable} is yes or no: 1 or 0, true or false.`);
  }
  return ok({ given, nameOf: (name) => options.find((one) => one.option === name)?.variable ?? name });
}

/** What settings.json alone can say: lists of sites. */
type FromFile = { readonly hl7: unknown; readonly hl7In: unknown; readonly imr: unknown; readonly gateways: unknown };
const lists = ['hl7', 'hl7In', 'imr', 'gateways'] as const;

/** settings.json under the data folder: `{ "archive": "https://…", "port": 4870, "hl7": [ … ] }`. */
export function fromFile(text: string | null): Read<Source & FromFile> {
  const nameOf = (name: OptionName): string => {
    const found = options.find((one) => one.option === name);
    return `"${found !== undefined && 'key' in found ? found.key : name}" in settings.json`;
  };
  const found: { -readonly [Name in keyof FromFile]: unknown } = {
    hl7: undefined,
    hl7In: undefined,
    imr: undefined,
    gateways: undefined,
  };
  if (text === null) return ok({ given: {}, nameOf, ...found });
  let parsed: unknown;
  try {
    // Editors on Windows put a byte order mark first.
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return refuse('bad-file', 'settings.json in the data folder is not JSON. Correct it, or move it away.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return refuse('bad-file', 'settings.json in the data folder must hold one object: { "port": 4870 }.');
  }
  const given: { [Name in OptionName]?: string | boolean } = {};
  for (const [key, value] of Object.entries(parsed)) {
    const listed = lists.find((one) => one === key);
    if (listed !== undefined) {
      found[listed] = value;
      continue;
    }
    const option = options.find((one) => 'key' in one && one.key === key);
    if (option === undefined) {
      const known = options.flatMap((one) => ('key' in one ? [one.key] : []));
      const name = /^[A-Za-z0-9_-]{1,40}$/.test(key) ? `"${key}"` : 'A name';
      return refuse(
        'bad-file',
        `${name} in settings.json is no setting. The settings: ${[...known, ...lists].join(', ')}`,
      );
    }
    const wanted = option.takes === 'nothing' ? 'boolean' : option.takes === 'number' ? 'number' : 'string';
    if (typeof value !== wanted) {
      const says = { boolean: 'true or false', number: 'a number', string: 'a text' }[wanted];
      return refuse('bad-file', `"${key}" in settings.json must be ${says}.`);
    }
    given[option.option] = typeof value === 'boolean' ? value : String(value);
  }
  return ok({ given, nameOf, ...found });
}
