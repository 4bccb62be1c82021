/** Counters of a provider server, both faces together; a request is running from its checks to its last byte. */
export class ProviderMeter {
  #running = 0;
  #peakRunning = 0;
  #admitted = 0;
  #completed = 0;
  #aborted = 0;
  #promptTokens = 0;
  #generationTokens = 0;

  /** Counts a request in; the function it returns counts it out, once. */
  begin(promptTokens: number, generationTokens: number): (end: 'finished' | 'aborted') => void {
    this.#admitted += 1;
    this.#running += 1;
    this.#peakRunning = Math.max(this.#peakRunning, this.#running);
    return (end) => {
      this.#running -= 1;
      if (end === 'aborted') {
        this.#aborted += 1;
        return;
      }
      this.#completed += 1;
      this.#promptTokens += promptTokens;
      this.#generationTokens += generationTokens;
    };
  }

  stats(): ProviderCounts {
    return {
      running: this.#running,
      peakRunning: this.#peakRunning,
      admitted: this.#admitted,
      completed: this.#completed,
      aborted: this.#aborted,
      promptTokens: this.#promptTokens,
      generationTokens: this.#generationTokens,
    };
  }

  reset(): void {
    this.#peakRunning = this.#running;
    this.#admitted = this.#running;
    this.#completed = 0;
    this.#aborted = 0;
    this.#promptTokens = 0;
    this.#generationTokens = 0;
  }
}

export interface ProviderCounts {
  readonly running: number;
  readonly peakRunning: number;
  readonly admitted: number;
  readonly completed: number;
  readonly aborted: number;
  readonly promptTokens: number;
  readonly generationTokens: number;
}
