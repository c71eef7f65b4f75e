/** Digits that could be a date of birth or of an exam: 19520309, 1952-03-09, 09.03.1952. */
const dateLike =
  /(?:19|20)\d{2}[-._/]?\d{1,2}[-._/]?\d{1,2}(?!\d)|(?<!\d)\d{1,2}[-._/]\d{1,2}[-._/](?:19|20)?\d{2}(?!\d)/;
/** Five digits in a row could be (part of) a medical record number or a telephone number. */
const longNumber = /\d{5}/;
const withheld = '(withheld)';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Digests, and ids made of one: `task-` and at least 32 hex digits. */
const digest = /^(?:[a-z]{1,16}-)?[0-9a-f]{32,64}$/;
/** Words of our own code: `stow-rs`, `signIn`, `read.opened`, `not-durable`. They start small, which no DICOM name does. */
const codeWord = /^[a-z][A-Za-z0-9]{0,31}(?:[-._:][a-z0-9][A-Za-z0-9]{0,31}){0,4}$/;
const errorName = /^(?:[A-Z][A-Za-z]{0,40})?(?:Error|Exception)$/;
const errorCode = /^(?:E[A-Z]{2,15}|(?:ERR|SQLITE|UND_ERR)(?:_[A-Z]{1,20}){1,6})$/;
const httpMethod = /^(?:GET|PUT|POST|HEAD|DELETE|PATCH|OPTIONS|MLLP)$/;

/** Scheme, host and port of an address; credentials, path and query hold names and ids and are left out. Null for what is none. */
function originOf(text: string): string | null {
  if (!/^(?:https?|mllp):\/\//.test(text) || text.length > 2_000) return null;
  try {
    const { protocol, host } = new URL(text);
    return /^[a-z0-9.:[\]-]{1,255}$/.test(host) && !dateLike.test(host) ? `${protocol}//${host}` : null;
  } catch {
    return null;
  }
}

/** What may stand in the log of a text value: an id, a code, an address; everything else is withheld. */
export function safeText(value: string): string {
  if (
    uuid.test(value) ||
    digest.test(value) ||
    errorName.test(value) ||
    errorCode.test(value) ||
    httpMethod.test(value)
  ) {
    return value;
  }
  if (codeWord.test(value) && value.length <= 64 && !dateLike.test(value) && !longNumber.test(value)) return value;
  return originOf(value) ?? withheld;
}

/** Counts, durations and sequence numbers; a number of eight digits could be a date, a longer one a record number or an instant. */
export function safeNumber(value: number): number | string {
  return Number.isFinite(value) && Math.abs(value) < 10_000_000 ? value : withheld;
}

/** The sentence of a line is written in our code, so it is short and plain; what looks like data put into it is taken out again. */
export function safeMessage(message: string): string {
  const words = message.slice(0, 300).split(/\s+/u);
  return words
    .map((word) => {
      if (word.includes('^') || dateLike.test(word) || longNumber.test(word) || !/^[\x21-\x7e]*$/.test(word))
        return withheld;
      return word.includes('://') ? (originOf(word.replace(/[.,;)]+$/, '')) ?? withheld) : word;
    })
    .join(' ');
}
