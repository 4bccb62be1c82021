/** One number for each of W, H and P. */
export type Triple = readonly [number, number, number];

/**
 * The normal equations of a weighted least squares fit of three positive unknowns: what a new observation needs of all
 * earlier ones. `square` is the upper triangle of the symmetric matrix: WW, WH, WP, HH, HP, PP.
 */
export interface Equations {
  readonly square: readonly [number, number, number, number, number, number];
  readonly right: Triple;
}

/** One sample's worth of belief that all unknowns are 1; it fades as samples come. */
export const BALANCED: Equations = { square: [1 / 3, 0, 0, 1 / 3, 0, 1 / 3], right: [1 / 3, 1 / 3, 1 / 3] };

/** No unknown is less or more than this, whatever is observed; the prior is a card, these are a rack and a CPU. */
const LEAST = 0.02;
const MOST = 50;

/**
 * Weight of the belief that the unknowns are alike, in samples: error² / deviation² of Bayesian ridge regression, with
 * samples 10 % off and unknowns 60 % apart. It decides what samples leave open: with one sequence in the batch all
 * night, nobody can tell W from H.
 */
const ALIKE = 0.03;

/** Rounds of the descent along the bounds, where it is needed at all. */
const ROUNDS = 30;

/** The equations with everything that was observed counting less by this factor. */
export const fade = (
  { square: [ww, wh, wp, hh, hp, pp], right: [w, h, p] }: Equations,
  by: number,
): Equations => ({
  square: [ww * by, wh * by, wp * by, hh * by, hp * by, pp * by],
  right: [w * by, h * by, p * by],
});

/** The equations with one more observation: `row` times the unknowns was `value`. */
export function observe({ square, right }: Equations, row: Triple, value: number, weight: number): Equations {
  const [ww, wh, wp, hh, hp, pp] = square;
  const [w, h, p] = row;
  return {
    square: [
      ww + weight * w * w,
      wh + weight * w * h,
      wp + weight * w * p,
      hh + weight * h * h,
      hp + weight * h * p,
      pp + weight * p * p,
    ],
    right: [right[0] + weight * w * value, right[1] + weight * h * value, right[2] + weight * p * value],
  };
}

/**
 * The unknowns between 0.02 and 50 that fit best, and are alike as far as the observations leave it open: ridge
 * regression towards the one number that fits best for all three (Hoerl and Kennard 1970).
 */
export function solve({ square: [ww, wh, wp, hh, hp, pp], right }: Equations): Triple {
  const level = clamp((right[0] + right[1] + right[2]) / (ww + hh + pp + 2 * (wh + wp + hp)));
  // In relative terms, like the observations: unknowns of 20 may be 10 apart where those of 1 may be 0.5.
  const belief = ALIKE / level ** 2;
  const pull = belief * level;
  return solveWithin(
    [ww + belief, wh, wp, hh + belief, hp, pp + belief],
    [right[0] + pull, right[1] + pull, right[2] + pull],
  );
}

/** Gaussian elimination; and where its answer is out of bounds, coordinate descent (Friedman et al., arXiv 0708.1485). */
function solveWithin([ww, wh, wp, hh, hp, pp]: Equations['square'], [rw, rh, rp]: Triple): Triple {
  const hOverW = wh / ww;
  const pOverW = wp / ww;
  const hLeft = hh - hOverW * wh;
  const hpLeft = hp - hOverW * wp;
  const pOverH = hpLeft / hLeft;
  const rhLeft = rh - hOverW * rw;
  const exactP = (rp - pOverW * rw - pOverH * rhLeft) / (pp - pOverW * wp - pOverH * hpLeft);
  const exactH = (rhLeft - hpLeft * exactP) / hLeft;
  const exactW = (rw - wh * exactH - wp * exactP) / ww;
  const exact: Triple = [exactW, exactH, exactP];
  if (exact.every((unknown) => clamp(unknown) === unknown)) return exact;
  let [w, h, p] = [clamp(exactW), clamp(exactH), clamp(exactP)];
  for (let round = 0; round < ROUNDS; round += 1) {
    w = clamp((rw - wh * h - wp * p) / ww);
    h = clamp((rh - wh * w - hp * p) / hh);
    p = clamp((rp - wp * w - hp * h) / pp);
  }
  return [w, h, p];
}

const clamp = (value: number): number => Math.min(Math.max(value, LEAST), MOST);
