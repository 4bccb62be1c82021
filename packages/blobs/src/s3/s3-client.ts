import { S3Client } from '@aws-sdk/client-s3';

export interface S3Settings {
  readonly bucket: string;
  /** Everything of the store stands below it; without it, at the top of the bucket. */
  readonly prefix?: string | undefined;
  /** Of an S3-compatible service; without it, AWS in the region. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** The bucket in the path and not in the host name, as most compatible services want it. */
  readonly forcePathStyle?: boolean | undefined;
  /** Without them, what the SDK finds: environment, profile, role of the machine. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly nowMs?: () => number;
}

/** A client whose every wait is bounded; it connects at the first call. */
export function createClient({
  endpoint,
  region,
  forcePathStyle = false,
  credentials,
}: S3Settings): S3Client {
  // compatible services do not mind the region, yet the signature needs one
  const signedRegion = region ?? (endpoint === undefined ? undefined : 'us-east-1');
  return new S3Client({
    forcePathStyle,
    // the checksums that AWS added lately are not known to every compatible service; where one is required it is sent
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // with it the client opens a new connection for every part
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: 5_000,
      // until the answer begins: a part of 8 MiB is through in this time at 140 kB/s
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: MOST_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MOST_SOCKETS },
    },
    ...(endpoint !== undefined && { endpoint }),
    ...(signedRegion !== undefined && { region: signedRegion }),
    ...(credentials && { credentials }),
  });
}

const MOST_SOCKETS = 256;
