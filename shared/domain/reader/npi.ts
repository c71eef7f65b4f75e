/**
 * National Provider Identifier (45 CFR 162.406): ten digits, the first 1 or 2, the last a Luhn check digit counted over the number
 * with the card issuer prefix 80840 before it.
 */
export function npiIsValid(text: string): boolean {
  if (!/^[12]\d{9}$/.test(text)) return false;
  let sum = 0;
  for (const [index, character] of [...`80840${text}`].reverse().entries()) {
    const digit = Number(character) * (index % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
