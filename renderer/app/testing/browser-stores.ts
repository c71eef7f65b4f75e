import type { Page } from 'playwright-core';

/** How many sealed pages of the list this machine's store holds. */
export function mirroredPages(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const name = (await indexedDB.databases()).find((one) => one.name?.startsWith('overread-'))?.name;
    if (name === undefined) return 0;
    return new Promise<number>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const counting = opening.result.transaction('pages').objectStore('pages').count();
        counting.onsuccess = () => {
          opening.result.close();
          resolve(counting.result);
        };
      };
    });
  });
}

/** All that the browser's stores hold, as text, and how much that is. */
export function storedWords(page: Page): Promise<{ readonly text: string; readonly size: number }> {
  return page.evaluate(async () => {
    const words: string[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
      });
      words.push(name);
      for (const store of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result);
        });
        for (const row of rows as { sealed?: Uint8Array }[]) {
          words.push(JSON.stringify(row, (key, value) => (key === 'sealed' ? '' : value)));
          if (row.sealed !== undefined) words.push(new TextDecoder('latin1').decode(row.sealed));
        }
      }
      database.close();
    }
    return { text: words.join('\n'), size: words.join('').length };
  });
}
