/** USPS Publication 28, Appendix B: the states, the District of Columbia and the territories that license physicians. */
const stateCodes: ReadonlySet<string> = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD ' +
    'TN TX UT VT VA WA WV WI WY AS GU MP PR VI'
  ).split(' '),
);

/** Two capital letters of a US state or territory. */
export function isStateCode(text: string): boolean {
  return stateCodes.has(text);
}
