/** The worker of the self-test: answers with one more. */
globalThis.addEventListener('message', (event: MessageEvent) => {
  globalThis.postMessage(Number(event.data) + 1);
});
