import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectNames } from './object-names.ts';

/** Where a store's objects are and how they are reached. */
export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
  readonly objects: ObjectNames;
}
