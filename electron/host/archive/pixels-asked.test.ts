import { expect, it } from 'vitest';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { createArchiveClient } from './index.ts';

/** An archive that gives an image of so many bytes, a piece in so many milliseconds, and keeps how it was asked. */
function archiveOf(pieceTime: number) {
  const asked: (readonly [string, string | null])[] = [];
  const client = createArchiveClient({
    name: 'near',
    baseUrl: 'http://archive.invalid/dicom-web',
    credentials: { kind: 'none' },
    ports: testPorts(),
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      asked.push([pathname.split('/').at(-2) ?? '', request.headers.get('accept-encoding')]);
      if (pathname.endsWith('/metadata'))
        return new Response('[]', { headers: { 'Content-Type': 'application/dicom+json' } });
      let left = 4;
      const body = new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          if (pieceTime > 0) await new Promise((resolve) => setTimeout(resolve, pieceTime));
          left -= 1;
          if (left < 0) controller.close();
          else controller.enqueue(new Uint8Array(100_000));
        },
      });
      return new Response(body, { headers: { 'Content-Type': 'application/dicom' } });
    },
  });
  const get = async (path: string): Promise<void> => {
    const answer = await client.pass(path, '*/*', { signal: new AbortController().signal });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  };
  return { asked, get };
}

const image = '/studies/2.25.1/series/2.25.1.1/instances/2.25.1.1.1';

it('an image of a near archive is asked for as it is, what is text as the archive likes', async () => {
  const { asked, get } = archiveOf(0);
  await get(image);
  await get(`${image}/frames/1`);
  await get('/studies/2.25.1/series/2.25.1.1/metadata');
  expect(asked).toEqual([
    ['instances', 'identity'],
    ['frames', 'identity'],
    ['2.25.1.1', null],
  ]);
});

it('an image that came over a slow line may come packed the next time', async () => {
  const { asked, get } = archiveOf(60);
  await get(image);
  await get(image);
  expect(asked).toEqual([
    ['instances', 'identity'],
    ['instances', null],
  ]);
});
