import type { LaneCursor } from '../lane-cursor.ts';
import { compareContenders } from './order.ts';
import type { Contender } from './order-rule.ts';

/** A lane, and its job that is next. */
export interface Turn {
  readonly cursor: LaneCursor;
  readonly contender: Contender;
}

/** The lanes by whose turn it is. */
export interface Line {
  /** Takes the lane whose first job is next out of the line; undefined when no lane is left. */
  next(): Turn | undefined;
  /** Puts a lane back with its next job, if it has one. */
  back(cursor: LaneCursor): void;
  /** Asks each lane, in no order, as long as it passes on to its next job; one that has none leaves the line. */
  thin(passesOn: (turn: Turn) => boolean): void;
}

/**
 * A binary heap over the lanes. A tenant that was charged stands further back with all its lanes: that is found out
 * when one of them comes to the front, because a charge never moves a lane forward.
 */
export function openLine(
  cursors: readonly LaneCursor[],
  toContender: (cursor: LaneCursor) => Contender | undefined,
): Line {
  const heap: Turn[] = [];
  const turnOf = (cursor: LaneCursor): Turn | undefined => {
    const contender = toContender(cursor);
    return contender && { cursor, contender };
  };
  const back = (cursor: LaneCursor): void => {
    const turn = turnOf(cursor);
    if (turn !== undefined) push(heap, turn);
  };
  for (const cursor of cursors) {
    const turn = turnOf(cursor);
    if (turn !== undefined) heap.push(turn);
  }
  heapify(heap);

  return {
    next: () => {
      for (;;) {
        const first = pop(heap);
        if (first === undefined) return undefined;
        if (isFresh(first)) return first;
        back(first.cursor);
      }
    },
    back,
    thin: (passesOn) => {
      let kept = 0;
      for (const asked of heap) {
        let turn = isFresh(asked) ? asked : turnOf(asked.cursor);
        while (turn !== undefined && passesOn(turn)) turn = turnOf(turn.cursor);
        if (turn === undefined) continue;
        heap[kept] = turn;
        kept += 1;
      }
      heap.length = kept;
      heapify(heap);
    },
  };
}

/** Its tenant was charged nothing since it came into line. */
const isFresh = ({ contender, cursor }: Turn): boolean =>
  contender.virtualTokens === cursor.account.virtualTokens;

function heapify(heap: Turn[]): void {
  for (let index = (heap.length >> 1) - 1; index >= 0; index -= 1) sink(heap, index);
}

const isBefore = (a: Turn, b: Turn): boolean => compareContenders(a.contender, b.contender) < 0;

function push(heap: Turn[], turn: Turn): void {
  let index = heap.length;
  heap.push(turn);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Turn;
    if (!isBefore(turn, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = turn;
}

function pop(heap: Turn[]): Turn | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  heap[0] = last;
  sink(heap, 0);
  return first;
}

function sink(heap: Turn[], from: number): void {
  const turn = heap[from] as Turn;
  let index = from;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Turn, heap[child] as Turn)) child += 1;
    const below = heap[child] as Turn;
    if (!isBefore(below, turn)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = turn;
}
