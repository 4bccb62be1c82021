import { digestRandom } from './digest.ts';

export const EMBEDDING_DIMENSIONS = 64;

/** A unit vector that depends on the digest alone; equal inputs are equal, others are unrelated. */
export function embeddingOf(digest: string, dimensions: number): number[] {
  const random = digestRandom(digest, 0);
  const raw = Array.from({ length: dimensions }, () => random() * 2 - 1);
  const norm = Math.hypot(...raw) || 1;
  return raw.map((value) => Math.fround(value / norm));
}

/** The form the OpenAI clients ask for by default: 32-bit floats, little-endian, base64. */
export function embeddingBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
