import type { Sequence } from './engine.ts';

/** Sequences that wait for their turn: in at the end, out and back in at the front, each in O(1). */
export class SequenceQueue {
  #items: Sequence[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  get head(): Sequence | undefined {
    return this.#items[this.#first];
  }

  push(sequence: Sequence): void {
    this.#items.push(sequence);
  }

  shift(): void {
    this.#first += 1;
    if (this.#first < 1024 || this.#first * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#first);
    this.#first = 0;
  }

  unshift(sequence: Sequence): void {
    if (this.#first === 0) this.#items.unshift(sequence);
    else {
      this.#first -= 1;
      this.#items[this.#first] = sequence;
    }
  }

  remove(sequence: Sequence): void {
    const index = this.#items.indexOf(sequence, this.#first);
    if (index < 0) throw new Error('the sequence does not wait here');
    this.#items.splice(index, 1);
  }
}
