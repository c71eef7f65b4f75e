/** Said on sign-in, in About and in the first-run acknowledgement; the README says it too. */
export const notADeviceSentence =
  'Overread is not a cleared or approved medical device in any country and must not be used for primary diagnosis or patient care until whoever deploys it has met the law that applies there.';

export function NotADevice() {
  return <p className="not-a-device">{notADeviceSentence}</p>;
}
