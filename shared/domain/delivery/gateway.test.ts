import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressWords, type GatewayRecipient, gatewayKinds, readGatewayStatus, recipientOf } from './gateway.ts';

const farrow: GatewayRecipient = { name: 'Dr O. Farrow', address: '+12065550142', orderer: '1234567893', usual: false };
const harbour: GatewayRecipient = { name: 'Dr P. Quill', address: '+12065550177', orderer: '4711', usual: false };
const desk: GatewayRecipient = { name: 'Larkspur reports', address: '+12065550100', orderer: null, usual: true };
const expected = { job: 'OVR1', sha256: 'ab'.repeat(32) };

describe('to whom a site’s gateway sends a report', () => {
  it('is the ordering physician’s line, by NPI or by the site’s own number', () => {
    expect(recipientOf([desk, farrow, harbour], { name: 'Farrow', npi: '1234567893' })).toMatchObject({
      value: farrow,
    });
    expect(recipientOf([desk, farrow, harbour], { name: 'Quill', npi: null, number: { value: '4711' } })).toMatchObject(
      {
        value: harbour,
      },
    );
  });

  it('is never guessed from a name: two people may bear it', () => {
    expect(recipientOf([desk, farrow], { name: 'Dr O. Farrow', npi: null })).toMatchObject({ value: desk });
    expect(recipientOf([farrow], { name: 'Dr O. Farrow', npi: null })).toMatchObject({
      error: expect.stringMatching(/is not in the site’s list/),
    });
  });

  it('is nobody where the list has no line for it, and says what to do', () => {
    expect(recipientOf([farrow], null)).toMatchObject({ error: expect.stringMatching(/names no physician.*Add one/) });
    expect(recipientOf([], { name: 'Quill', npi: '1' })).toMatchObject({ ok: false });
  });

  it('is told without the whole number of a fax', () => {
    expect(addressWords('fax', farrow)).toBe('Dr O. Farrow, fax ending 0142');
    expect(addressWords('direct', { name: 'Dr O. Farrow', address: 'farrow@direct.example' })).toContain(
      'farrow@direct.example',
    );
  });
});

describe('what a gateway says of a job', () => {
  it.each([
    ['fax', 'queued', 'accepted'],
    ['fax', 'sent', 'accepted'],
    ['fax', 'delivered', 'filed'],
    ['fax', 'failed', 'failed'],
    ['fax', 'processed', 'none'],
    ['direct', 'processed', 'accepted'],
    ['direct', 'dispatched', 'filed'],
    ['direct', 'delivered', 'filed'],
    ['direct', 'failed', 'failed'],
    ['direct', 'opened', 'none'],
  ] as const)('(%s, %s) is %s', (kind, status, meaning) => {
    expect(readGatewayStatus(kind, { ...expected, status }, expected).kind).toBe(meaning);
  });

  it('counts for its own job and its own document alone', () => {
    expect(readGatewayStatus('fax', { job: 'OVR2', status: 'delivered' }, expected).kind).toBe('none');
    expect(readGatewayStatus('fax', { job: 'OVR1', status: 'delivered', sha256: 'cd'.repeat(32) }, expected)).toEqual({
      kind: 'failed',
      words: 'The gateway speaks of another document than was handed over.',
    });
    expect(readGatewayStatus('fax', { job: 'OVR1', status: 'delivered', sha256: 'AB'.repeat(32) }, expected).kind).toBe(
      'filed',
    );
  });

  it('is shown on one line, whatever was put into it', () => {
    const { words } = readGatewayStatus(
      'fax',
      { job: 'OVR1', status: 'failed', detail: `busy\n\u202eevil${'x'.repeat(500)}` },
      expected,
    );
    expect(words).toMatch(/^failed: busy evilx+$/);
    expect(words.length).toBeLessThan(200);
  });

  it('that is anything else concludes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...gatewayKinds), fc.anything(), (kind, status) => {
        expect(['none', 'accepted', 'filed', 'failed']).toContain(readGatewayStatus(kind, status, expected).kind);
        expect(readGatewayStatus(kind, { job: 'OVR1', status }, expected).kind).not.toBe('filed');
      }),
    );
  });
});
