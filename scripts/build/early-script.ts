import type { Plugin } from 'vite';

/**
 * Puts the page's first script (renderer/app/early.ts) before its program, with what it imports: as it is short, it runs while the
 * program is still on its way. Nothing inline: the host's policy allows none.
 */
export function earlyScriptPlugin(): Plugin {
  return {
    name: 'overread-early-script',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, path }) {
        const early = Object.values(bundle ?? {}).find(
          (one) => one.type === 'chunk' && one.name === 'early' && one.isEntry,
        );
        if (early === undefined || early.type !== 'chunk' || !path.endsWith('index.html')) return [];
        return [
          {
            tag: 'script',
            attrs: { type: 'module', async: true, src: `/${early.fileName}` },
            injectTo: 'head-prepend',
          },
          ...early.imports.map((file) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', href: `/${file}` },
            injectTo: 'head-prepend' as const,
          })),
        ];
      },
    },
  };
}
