import type { Plugin } from 'vite';

/** The chunks that draw images, as the bundler names them by what they begin with. */
const parts = ['/renderer/imaging/index.ts', '/renderer/features/viewer/index.ts'];

/**
 * Writes into the page where the program that draws images lies. It is loaded when a case is opened, not with the list; a page that is
 * opened at a case reads here what to bring beside its first questions.
 */
export function imagesProgramPlugin(): Plugin {
  return {
    name: 'overread-images-program',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const files = Object.values(bundle ?? {}).flatMap((one) =>
          one.type === 'chunk' && parts.some((part) => one.moduleIds.some((id) => id.endsWith(part)))
            ? [`/${one.fileName}`]
            : [],
        );
        if (files.length === 0) return [];
        return [{ tag: 'meta', attrs: { name: 'overread-images', content: files.join(' ') }, injectTo: 'head' }];
      },
    },
  };
}
