/** One of the example documents, under the name it has in `examples/mixed`. */
export interface ExampleFile {
  readonly name: string;
  bytes(): Promise<Uint8Array> | Uint8Array;
}
