const KEPT = 10_000;

/** Which inputs have arrived, oldest first: the last ten thousand, repeats included. */
export class DigestLog {
  #digests: string[] = [];

  add(digest: string): void {
    this.#digests.push(digest);
    if (this.#digests.length >= 2 * KEPT) this.#digests = this.#digests.slice(-KEPT);
  }

  all(): readonly string[] {
    return this.#digests.slice(-KEPT);
  }

  reset(): void {
    this.#digests = [];
  }
}
