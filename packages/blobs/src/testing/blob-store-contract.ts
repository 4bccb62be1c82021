import { describe } from 'vitest';
import { testFinding } from './contract-finding.ts';
import { testReading } from './contract-reading.ts';
import { testSweeping } from './contract-sweeping.ts';
import { testWriting } from './contract-writing.ts';
import type { OpenStore } from './store-under-test.ts';

/** What every blob store keeps, whatever it stands on. */
export function blobStoreContract(name: string, open: OpenStore): void {
  describe(`BlobStore contract: ${name}`, () => {
    describe('writing', () => {
      testWriting(open);
    });
    describe('reading', () => {
      testReading(open);
    });
    describe('finding and deleting', () => {
      testFinding(open);
    });
    describe('expiry and sweeping', () => {
      testSweeping(open);
    });
  });
}
