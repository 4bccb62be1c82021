import { expect, test } from 'vitest';
import { faceOf } from './face.ts';

test.each([
  ['/v1/files', 'openai'],
  ['/v1/files/file-1/content', 'openai'],
  ['/v1/uploads/upload_1/parts', 'openai'],
  ['/v1/batches', 'openai'],
  ['/v1/chat/completions', 'openai'],
  ['/v1/messages/batches', 'anthropic'],
  ['/v1/messages', 'anthropic'],
  ['/v1/jobs', 'native'],
  ['/v1/document-batches', 'native'],
  ['/v1/filesystem', 'native'],
  ['/files', 'native'],
])('%s is of the face %s', (path, face) => {
  expect(faceOf(path)).toBe(face);
});
