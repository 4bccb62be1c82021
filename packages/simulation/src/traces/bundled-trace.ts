import { fileURLToPath } from 'node:url';

/** The recorded loads that come with this package; traces/README.md says whose they are. */
const BUNDLED_TRACES = {
  'azure-2023-conversation': 'azure-2023-conversation.csv.gz',
  'mooncake-conversation': 'mooncake-conversation.jsonl.gz',
  'vtc-27-clients': 'vtc-27-clients.jsonl.gz',
} as const;
export type BundledTrace = keyof typeof BUNDLED_TRACES;

/** Where the file stands. */
export const bundledTrace = (name: BundledTrace): string =>
  fileURLToPath(new URL(`../../traces/${BUNDLED_TRACES[name]}`, import.meta.url));
