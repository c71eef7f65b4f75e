/** What others wrote of the program and under which licence, as the build gathered it; null where it cannot be read. */
export async function readThirdPartyNotices(): Promise<string | null> {
  try {
    const answered = await fetch('/third-party-notices.txt');
    return answered.ok ? await answered.text() : null;
  } catch {
    return null;
  }
}
