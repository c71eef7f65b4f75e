import { isFhirId } from '../../../shared/interop/fhir/read.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { AccountFailure, NewAccount } from './types.ts';

/** USPS Publication 28, appendix B: states, the district and the territories that license physicians. */
const postalCodes: ReadonlySet<string> = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK ' +
    'OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI'
  ).split(' '),
);

/** Ten digits, the first 1 or 2, with the Luhn check digit over 80840 and the number (CMS, 45 CFR 162.406). */
export function isNpi(text: string): boolean {
  if (!/^[12]\d{9}$/.test(text)) return false;
  let sum = 0;
  for (const [index, digit] of [...`80840${text}`].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** Passwords shorter than this are refused (NIST SP 800-63B 5.1.1.2), those of the demo apart. */
export const shortestPassword = 8;
/** Longer ones only cost the host time. */
const longestPassword = 512;

function failure(
  code: AccountFailure['code'],
  message: string,
): { readonly ok: false; readonly error: AccountFailure } {
  return err({ code, message });
}

// A control character or a line break in a name would reach DICOM, HL7 and the terminal.
const control = /\p{Cc}|\p{Cf}|[\u2028\u2029]/u;

/** The account as it will be kept: trimmed, states in capitals and sorted; or what is wrong with it. */
export function checkAccount(account: NewAccount, rule: 'at-least-8' | 'demo'): Result<NewAccount, AccountFailure> {
  const userName = account.userName.trim();
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(userName)) {
    return failure(
      'bad-name',
      'A user name has 1 to 64 letters, digits, dots, hyphens, underscores or @, and starts with a letter or a digit.',
    );
  }
  const name = account.name.trim();
  if (name.length === 0 || name.length > 128 || control.test(name)) {
    return failure('bad-name', 'The full name has 1 to 128 characters, without control characters.');
  }
  if (account.npi !== null && !isNpi(account.npi)) {
    return failure('bad-npi', 'That is not an NPI: 10 digits, starting with 1 or 2, the last a check digit.');
  }
  let states: NewAccount['states'] = 'all';
  if (account.states !== 'all') {
    states = [...new Set(account.states.map((one) => one.trim().toUpperCase()))].sort();
    const unknown = states.find((one) => !postalCodes.has(one));
    if (unknown !== undefined || states.length === 0) {
      return failure(
        'bad-state',
        `${unknown === undefined || !/^[A-Z]{1,20}$/.test(unknown) ? 'That' : `"${unknown}"`} is not a US state. Give two-letter postal codes (CA,NV), or "all" for no restriction.`,
      );
    }
  }
  if (account.role === 'site' && !isFhirId(account.site ?? ''))
    return failure(
      'bad-site',
      'A site’s account says whose desk it is: --site ID, the id of its Organization in the record.',
    );
  if (account.role !== 'site' && account.site !== undefined)
    return failure('bad-site', 'Only an account of the role site belongs to a site’s desk.');
  const length = [...account.password].length;
  if (rule === 'at-least-8' && length < shortestPassword) {
    return failure('weak-password', `The password is too short: at least ${shortestPassword} characters.`);
  }
  if (length > longestPassword) {
    return failure('weak-password', `The password is too long: at most ${longestPassword} characters.`);
  }
  if (rule === 'at-least-8' && account.password.toLowerCase() === userName.toLowerCase()) {
    return failure('weak-password', 'The password must differ from the user name.');
  }
  return ok({ ...account, userName, name, states });
}
